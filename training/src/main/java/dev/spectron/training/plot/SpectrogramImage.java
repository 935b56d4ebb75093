package dev.spectron.training.plot;

import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.error.SpokenLmException;
import java.awt.AWTError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

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
    byte[] bytes;
    try {
      bytes = encode(new SpectrogramCanvas(panels).draw());
    } catch (AWTError | LinkageError | InternalError | NullPointerException e) {
      // what a machine without fontconfig or without any font makes of the first letter
      throw new SpokenLmException(
          "%s: this Java cannot draw text (%s); install fontconfig and a font such as fonts-dejavu-core"
              .formatted(png, e),
          e);
    }
    write(png, bytes);
  }

  private static void write(Path png, byte[] bytes) {
    try {
      AtomicFile.write(
          png,
          channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
              channel.write(buffer);
            }
          });
    } catch (IOException e) {
      throw new SpokenLmException(
          "%s: cannot be written (%s); check the folder, its permissions and the space left"
              .formatted(png, e),
          e);
    }
  }

  private static byte[] encode(BufferedImage image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
        writer.setOutput(out);
        writer.write(image);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new SpokenLmException("plot: the picture cannot be encoded: " + e.getMessage(), e);
    } finally {
      writer.dispose();
    }
  }
}
