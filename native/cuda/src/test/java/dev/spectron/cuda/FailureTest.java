package dev.spectron.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendProvider.Availability;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.cuda.emulator.Emulator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What fails says what it was and what to do, and takes nothing else along. */
class FailureTest {
  private final Emulator emulator = Emulator.load();

  @BeforeEach
  @AfterEach
  void startAfresh() {
    emulator.reset();
    emulator.driverVersion(12060);
  }

  private static float[] twice(Backend backend, Weight weight) {
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(new float[] {1, 2, 3, 4}, Shape.of(1, 2, 2));
      return backend.download(backend.scale(backend.linear(x, weight, Weight.none()), 2));
    }
  }

  private static Weight swap(Backend backend) {
    return backend.weight(WeightData.of("w", Shape.of(2, 2), new float[] {0, 1, 1, 0}));
  }

  @Test
  void anOldDriverIsRefusedByVersion() {
    emulator.driverVersion(11080);
    assertThat(new CudaProbe("libcuda.so.1", "libcublas.so.12").probe())
        .isEqualTo(
            new Availability(
                false,
                "expected a driver for CUDA 12.0 or newer, found CUDA 11.8; install driver 525 or newer"));
  }

  @Test
  void aLibraryThatIsNoCublasIsRefused() {
    assertThat(new CudaProbe("libcuda.so.1", "libc.so.6").probe())
        .isEqualTo(
            new Availability(
                false,
                "CPU emulation of sm_90: libc.so.6 is no cuBLAS: it lacks cublasGemmEx; install cuBLAS of CUDA 12"));
  }

  @Test
  void memoryThatRunsOutCostsTheOperationAndNoMore() {
    try (CudaBackend backend = new CudaBackend(CudaOptions.defaults())) {
      Weight weight = swap(backend);
      try (Scope _ = backend.openScope()) {
        Tensor x = backend.upload(new float[1 << 20], Shape.of(1, 1024, 1024));
        assertThatThrownBy(() -> backend.upsampleTime(x, 700))
            .isInstanceOf(CapacityException.class)
            .hasMessageMatching(
                "backend cuda: no device memory for \\d+ bytes; lower the batch or the capacity of the cache");
      }
      assertThat(twice(backend, weight)).containsExactly(4, 2, 8, 6);
    }
  }

  @Test
  void aKernelThatFailsClosesItsBackEndOnly() {
    String kernels =
        Kernels.text().replaceFirst("(?s)(\\.entry scale\\(.*?)@%p\\d+ bra[^;]*;", "$1");
    CudaBackend broken = new CudaBackend(new CudaOptions(false), kernels);
    assertThatThrownBy(() -> twice(broken, swap(broken)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS")
        .hasMessageEndingWith("work on the device is lost, start the program again");
    broken.close();
    broken.close();
    emulator.reset();
    try (CudaBackend backend = new CudaBackend(CudaOptions.defaults())) {
      assertThat(twice(backend, swap(backend))).containsExactly(4, 2, 8, 6);
    }
  }

  @Test
  void twoModelsShareADeviceEachOnItsThread() throws InterruptedException, ExecutionException {
    CudaBackend first = new CudaBackend(CudaOptions.defaults());
    Weight swapped = swap(first);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      CudaBackend second = other.submit(() -> new CudaBackend(CudaOptions.defaults())).get();
      Weight weight = other.submit(() -> swap(second)).get();
      for (int i = 0; i < 3; i++) {
        assertThat(twice(first, swapped)).containsExactly(4, 2, 8, 6);
        assertThat(other.submit(() -> twice(second, weight)).get()).containsExactly(4, 2, 8, 6);
      }
      first.close();
      assertThat(other.submit(() -> twice(second, weight)).get()).containsExactly(4, 2, 8, 6);
      other.submit(second::close).get();
    }
  }
}
