package dev.spectron.training.run;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of a run: one JSON object a line, appended as the run goes on.
 *
 * @param <E> a line
 */
public final class MetricsLog<E extends MetricsLog.Line> {
  private final Path file;
  private final List<E> entries = new ArrayList<>();

  /** One line. */
  public interface Line {
    /** Steps taken so far. */
    long step();

    /** What was measured on: {@code train} or {@code development}. */
    String set();
  }

  /**
   * A log in a file, with what it holds already up to a step; later lines belong to a run that was
   * cut off and are dropped.
   *
   * @param type a record
   * @param step where the run stands
   */
  public static <E extends Line> MetricsLog<E> open(Path file, Class<E> type, long step) {
    MetricsLog<E> log = new MetricsLog<>(file);
    if (Files.exists(file)) {
      Json.readLines(file, type, entry -> log.keep(entry, step));
      log.rewrite();
    }
    return log;
  }

  private MetricsLog(Path file) {
    this.file = file;
  }

  /** Appends a line. */
  public void add(E entry) {
    entries.add(entry);
    write(Json.line(entry) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** All lines. */
  public List<E> entries() {
    return List.copyOf(entries);
  }

  private void keep(E entry, long step) {
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
