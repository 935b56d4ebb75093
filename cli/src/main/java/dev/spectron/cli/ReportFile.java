package dev.spectron.cli;

import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.error.SpokenLmException;
import java.io.IOException;
import java.nio.file.Path;

/** Writes what a command found where the user wants it. */
final class ReportFile {
  private ReportFile() {}

  /**
   * Writes a file, whole or not at all.
   *
   * @param file null where the option was not given: nothing is written
   */
  static void write(Path file, String text) {
    if (file == null) {
      return;
    }
    try {
      AtomicFile.write(file, text);
    } catch (IOException e) {
      throw new SpokenLmException(
          "%s: cannot be written (%s); check the folder, its permissions and the space left"
              .formatted(file, e),
          e);
    }
  }
}
