package dev.spectron.training.plot;

import dev.spectron.core.error.SpokenLmException;
import java.awt.AWTError;
import java.nio.file.Path;
import java.util.List;

/** Spectrograms above each other, one second equally long in all of them. */
public final class SpectrogramImage {
  private SpectrogramImage() {}

  /**
   * Writes a PNG file, whole or not at all.
   *
   * @param png replaced if it exists; its folder must exist
   * @param panels at least one, from top to bottom
   * @throws SpokenLmException if this Java cannot draw text or the file cannot be written
   */
  public static void write(Path png, List<SpectrogramPanel> panels) {
    try {
      PngFile.write(png, new SpectrogramCanvas(panels).draw());
    } catch (AWTError | LinkageError | InternalError | NullPointerException e) {
      // what a machine without fontconfig or without any font makes of the first letter
      throw new SpokenLmException(
          "%s: this Java cannot draw text (%s); install fontconfig and a font such as fonts-dejavu-core"
              .formatted(png, e),
          e);
    }
  }
}
