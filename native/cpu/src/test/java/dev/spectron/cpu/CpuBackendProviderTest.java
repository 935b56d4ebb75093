package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendProvider;
import dev.spectron.core.error.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CpuBackendProviderTest {
  @Test
  void theServiceLoaderFindsIt() {
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .filter(p -> p.type() == CpuBackendProvider.class)
            .findFirst()
            .orElseThrow()
            .get();
    assertThat(provider.name()).isEqualTo("cpu");
    assertThat(provider.rank()).isEqualTo(10);
    assertThat(provider.probe().available()).isTrue();
    assertThat(provider.probe().detail())
        .matches("(128|256|512)-bit vectors, \\d+ threads, .*(AVX-512 VNNI|native).*");
    try (Backend backend = provider.open()) {
      assertThat(backend.name()).isEqualTo("cpu");
    }
  }

  @Test
  void optionsDecideWidthAndThreads() {
    CpuBackendProvider provider = new CpuBackendProvider(new CpuOptions(256, 3, false, false));
    assertThat(provider.probe().detail())
        .isEqualTo("256-bit vectors, 3 threads, no native code asked for");
  }

  @Test
  void optionsOutOfRangeAreRejected() {
    assertThatThrownBy(() -> new CpuOptions(64, 1, false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backend cpu: expected a vector width of 0, 128, 256 or 512 bits, found 64");
    assertThatThrownBy(() -> new CpuOptions(0, 0, false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backend cpu: expected 1 to 1024 threads, found 0");
  }

  @Test
  void withoutTheModuleItSaysHowToLoadIt() throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WithoutTheModule.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output.strip())
        .isEqualTo(
            "backend cpu: jdk.incubator.vector is not loaded; start Java with --add-modules jdk.incubator.vector");
    assertThat(java.waitFor()).isZero();
  }

  /** Runs in a process of its own, which has no Vector API. */
  static final class WithoutTheModule {
    private WithoutTheModule() {}

    public static void main(String[] args) {
      CpuBackendProvider provider = new CpuBackendProvider();
      if (provider.probe().available()) {
        throw new IllegalStateException("expected the module to be absent");
      }
      try (Backend opened = provider.open()) {
        throw new IllegalStateException("expected open to fail, found " + opened.name());
      } catch (BackendException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
