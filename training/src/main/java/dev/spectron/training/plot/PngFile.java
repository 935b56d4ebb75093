package dev.spectron.training.plot;

import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.error.SpokenLmException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures. */
final class PngFile {
  private PngFile() {}

  /** A PNG file, whole or not at all. */
  static void write(Path png, BufferedImage image) {
    byte[] bytes = encode(image);
    try {
      AtomicFile.write(png, bytes);
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
