package dev.spectron.cuda;

import dev.spectron.core.error.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The kernels of {@code src/main/cu} as they are shipped. */
final class Kernels {
  private static final String RESOURCE = "kernels.ptx";

  private Kernels() {}

  /**
   * PTX text, which the driver assembles for its device.
   *
   * @throws BackendException if it is not in the jar
   */
  static String text() {
    try (InputStream in = Kernels.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new BackendException(
            "backend cuda: expected " + RESOURCE + " in the jar, found none; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new BackendException(
          "backend cuda: %s cannot be read: %s; check the jar".formatted(RESOURCE, e.getMessage()),
          e);
    }
  }
}
