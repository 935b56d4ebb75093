package dev.spectron.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendProvider;
import dev.spectron.core.backend.BackendProvider.Availability;
import dev.spectron.core.backend.Backends;
import dev.spectron.cuda.emulator.Emulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaBackendProviderTest {
  @BeforeAll
  static void loadTheEmulator() {
    Emulator.load().reset();
  }

  @Test
  void theServiceLoaderFindsItAndItOpens() {
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .filter(p -> p.type() == CudaBackendProvider.class)
            .findFirst()
            .orElseThrow()
            .get();
    assertThat(provider.probe())
        .isEqualTo(
            new Availability(
                true, "CPU emulation of sm_90, compute capability 9.0, driver for CUDA 12.6"));
    try (Backend backend = provider.open()) {
      assertThat(backend.name()).isEqualTo("cuda");
    }
  }

  @Test
  void nobodyGetsItWithoutAsking() {
    assertThat(Backends.list())
        .filteredOn(listing -> !listing.name().equals("cuda"))
        .allMatch(listing -> listing.rank() > new CudaBackendProvider().rank());
  }

  @Test
  void aMissingLibraryIsAReasonAndNoException() {
    assertThat(new CudaProbe("libno-driver.so.1", "libcublas.so.12").probe())
        .isEqualTo(
            new Availability(
                false,
                "no NVIDIA driver: libno-driver.so.1 does not load; install driver 525 or newer"));
    assertThat(new CudaProbe("libcuda.so.1", "libno-blas.so.12").probe())
        .isEqualTo(
            new Availability(
                false,
                "CPU emulation of sm_90: libno-blas.so.12 does not load; install cuBLAS of CUDA 12"));
    // A library that is no driver has none of its functions.
    assertThat(new CudaProbe("libc.so.6", "libcublas.so.12").probe())
        .isEqualTo(
            new Availability(
                false,
                "the NVIDIA driver does not start: cuInit returns error -1; look at nvidia-smi"));
  }

  @Test
  void whatLiesInTheTemporaryFolderIsNotLoaded(@TempDir Path folder)
      throws IOException, InterruptedException {
    for (String name : List.of("JCudaDriver", "JCublas2", "JCudaRuntime")) {
      Files.writeString(
          folder.resolve("lib%s-12.6.0-linux-x86_64.so".formatted(name)), "planted by another");
    }
    assertThat(run(folder, "private")).isEqualTo("loaded, temporary folder " + folder);
    assertThat(run(folder, "plain")).as("JCuda alone takes what is there").contains("planted");
    try (var files = Files.list(folder)) {
      assertThat(files).as("nothing of ours is left").hasSize(3);
    }
  }

  private static String run(Path temporaryFolder, String how)
      throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporaryFolder,
                "-cp",
                System.getProperty("java.class.path"),
                Loading.class.getName(),
                how)
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    java.waitFor();
    return output.strip();
  }

  /** Loads JCuda in a process of its own. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] arguments) {
      Emulator.load();
      if (arguments[0].equals("private")) {
        JCudaLibraries.require();
        JCudaDriver.cuInit(0);
        System.out.println("loaded, temporary folder " + System.getProperty("java.io.tmpdir"));
        return;
      }
      try {
        JCudaDriver.cuInit(0);
        System.out.println("loaded");
      } catch (LinkageError e) {
        System.out.println("JCuda loaded what was planted");
      }
    }
  }
}
