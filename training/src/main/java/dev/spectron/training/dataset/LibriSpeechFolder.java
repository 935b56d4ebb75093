package dev.spectron.training.dataset;

import dev.spectron.core.bundle.TextLines;
import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of LibriSpeech: somewhere below it, {@code SPEAKER-CHAPTER.trans.txt} files with lines
 * of an utterance's name and its text, and beside each the utterances as FLAC files.
 */
final class LibriSpeechFolder {
  private static final String TRANSCRIPTS = ".trans.txt";
  private static final int DEPTH = 8;
  private static final Pattern UTTERANCE = Pattern.compile("[0-9]+-[0-9]+-[0-9]+\\.flac");

  private LibriSpeechFolder() {}

  /** Reads all transcripts below a folder, in the order of their names. */
  static List<Recording> read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new TrainingException(folder + ": expected a folder of LibriSpeech, found none");
    }
    List<Path> transcripts;
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      transcripts = files.filter(f -> f.toString().endsWith(TRANSCRIPTS)).sorted().toList();
    } catch (IOException e) {
      throw new TrainingException(folder + ": cannot be listed: " + e.getMessage(), e);
    }
    List<Recording> recordings = new ArrayList<>();
    for (Path file : transcripts) {
      TextLines.read(file, (where, number, line) -> recordings.add(utterance(file, where, line)));
    }
    if (recordings.isEmpty()) {
      throw new TrainingException(
          folder + ": expected files that end in " + TRANSCRIPTS + ", found none");
    }
    return recordings;
  }

  private static Recording utterance(Path file, String where, String line) {
    int space = line.indexOf(' ');
    if (space < 1) {
      throw new TrainingException(
          where + ": expected an utterance's name, a space and its text, found \"" + line + "\"");
    }
    String id = line.substring(0, space);
    Path audio = ManifestPath.beside(file, where, id + ".flac");
    return Recording.whole(where, id, audio, line.substring(space + 1).strip(), List.of())
        .by(speaker(id));
  }

  /**
   * The utterances below a folder by their names {@code SPEAKER-CHAPTER-NUMBER.flac} alone, in the
   * order of their names; they may lie in any folder, without transcripts.
   */
  static List<Recording> withoutText(Path folder) {
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return files
          .filter(file -> UTTERANCE.matcher(file.getFileName().toString()).matches())
          .sorted()
          .map(LibriSpeechFolder::withoutTextAt)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new TrainingException(folder + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  private static Recording withoutTextAt(Path file) {
    String name = file.getFileName().toString();
    String id = name.substring(0, name.lastIndexOf('.'));
    return Recording.whole(name, id, file, "", List.of()).by(speaker(id));
  }

  private static String speaker(String id) {
    int hyphen = id.indexOf('-');
    return hyphen < 0 ? "" : id.substring(0, hyphen);
  }
}
