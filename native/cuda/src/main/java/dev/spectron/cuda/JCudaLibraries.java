package dev.spectron.cuda;

import dev.spectron.core.error.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;

/**
 * Loads JCuda's libraries out of a folder that nobody else can write to. JCuda unpacks them to
 * {@code java.io.tmpdir} under fixed names and loads whatever lies there already; so while its
 * classes start, that property names a fresh private folder.
 */
final class JCudaLibraries {
  private static final String TEMPORARY = "java.io.tmpdir";

  private JCudaLibraries() {}

  /** Done once a process. */
  private record Outcome(List<RuntimeException> failure) {
    private static final Outcome ONE = load();

    private static Outcome load() {
      try {
        startInPrivateFolder();
        return new Outcome(List.of());
      } catch (IOException | LinkageError e) {
        return new Outcome(
            List.of(
                new BackendException(
                    "backend cuda: JCuda's libraries do not load: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                        + "; check that the driver and cuBLAS of CUDA 12 are installed",
                    e)));
      }
    }
  }

  /**
   * Makes the classes of JCuda usable.
   *
   * @throws BackendException if they are not
   */
  static void require() {
    if (!Outcome.ONE.failure().isEmpty()) {
      throw Outcome.ONE.failure().getFirst();
    }
  }

  private static void startInPrivateFolder() throws IOException {
    // Made readable, writable and listable by the owner alone.
    Path folder = Files.createTempDirectory("spectron-cuda");
    String before = System.getProperty(TEMPORARY);
    System.setProperty(TEMPORARY, folder.toString());
    try {
      JCudaDriver.setExceptionsEnabled(false);
      JCublas2.initialize();
      JCublas2.setExceptionsEnabled(false);
    } finally {
      System.setProperty(TEMPORARY, before);
      delete(folder);
    }
  }

  /** Libraries stay loaded without their files. */
  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
