package dev.spectron.training.dataset;

import dev.spectron.core.error.TrainingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files that a manifest names. */
final class ManifestPath {
  private ManifestPath() {}

  /**
   * A sound file, relative to the manifest's folder unless it is absolute.
   *
   * @throws TrainingException naming the line, if there is no such file
   */
  static Path beside(Path manifest, String where, String name) {
    Path audio;
    try {
      audio = manifest.toAbsolutePath().resolveSibling(name);
    } catch (InvalidPathException e) {
      throw new TrainingException(
          where + ": audio: expected a file name, found one that cannot be: " + e.getReason(), e);
    }
    if (!Files.isRegularFile(audio)) {
      throw new TrainingException(
          where + ": audio: expected a file, found none at " + audio + "; check the path");
    }
    return audio;
  }
}
