package dev.spectron.training;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The metrics of a run: one JSON object a line, appended as the run goes on. */
public final class LossHistory {
  private final Path file;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * One line.
   *
   * @param step steps taken in all stages
   * @param set {@code train} or {@code development}
   * @param task of the stage
   * @param rate learning rate
   * @param gradientNorm before clipping, 0 on the development set
   * @param losses means since the line before
   * @param tokenAccuracy share of tokens right when fed the truth, 0 on the training set
   * @param seconds since this process began
   */
  public record Entry(
      long step,
      String set,
      TrainingRecipe.Task task,
      double rate,
      double gradientNorm,
      Losses losses,
      double tokenAccuracy,
      double seconds) {}

  /**
   * A history in a file, with what it holds already up to a step; later lines belong to a run that
   * was cut off and are dropped.
   *
   * @param step where the run stands
   */
  public static LossHistory open(Path file, long step) {
    LossHistory history = new LossHistory(file);
    if (Files.exists(file)) {
      Json.readLines(file, Entry.class, entry -> history.keep(entry, step));
      history.rewrite();
    }
    return history;
  }

  private LossHistory(Path file) {
    this.file = file;
  }

  /** Appends a line. */
  public void add(Entry entry) {
    entries.add(entry);
    write(Json.line(entry) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** All lines. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  private void keep(Entry entry, long step) {
    if (entry.step() <= step) {
      entries.add(entry);
    }
  }

  private void rewrite() {
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(Json.line(entry)).append('\n'));
    write(text.toString(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void write(String text, StandardOpenOption... options) {
    try {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8), options);
    } catch (IOException e) {
      throw new TrainingException(
          file + ": metrics cannot be written: " + e.getMessage() + "; free some space", e);
    }
  }
}
