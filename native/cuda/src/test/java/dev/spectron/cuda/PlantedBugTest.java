package dev.spectron.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.cuda.emulator.Emulator;
import dev.spectron.cuda.emulator.Order;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bug planted in the shipped kernels does not pass on the emulated device. */
class PlantedBugTest {
  private final Emulator emulator = Emulator.load();

  @BeforeEach
  @AfterEach
  void startAfresh() {
    emulator.reset();
    emulator.schedule(Order.FORWARD, 1);
  }

  /** The shipped text with something replaced in one kernel. */
  private static String planted(String kernel, String from, String to) {
    String text = Kernels.text();
    int begin = text.indexOf(".entry " + kernel + "(");
    int end = text.indexOf(".entry ", begin + 1);
    end = end < 0 ? text.length() : end;
    Matcher found = Pattern.compile(from).matcher(text.substring(begin, end));
    assertThat(found.find()).as(kernel + " has " + from).isTrue();
    return text.substring(0, begin) + found.replaceAll(to) + text.substring(end);
  }

  private static float[] run(String kernels, BiFunction<CudaBackend, Tensor, Tensor> operation) {
    float[] values = new float[1600];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 101) / 50f - 1;
    }
    Emulator.load().reset();
    CudaBackend backend = new CudaBackend(new CudaOptions(false), kernels);
    try (Scope _ = backend.openScope()) {
      return backend.download(
          operation.apply(backend, backend.upload(values, Shape.of(1, 100, 16))));
    } finally {
      backend.close();
    }
  }

  private static Tensor attend(CudaBackend backend, Tensor x) {
    AttentionSpec spec = AttentionSpec.of(1, 1, 16, new AttentionMask.Causal());
    return backend.attention(
        x, x, x, spec, new Position.None(), Lengths.full(x), KvCache.Layer.none());
  }

  private static Tensor spectrogram(CudaBackend backend, Tensor x) {
    return backend.powerSpectrogram(backend.reshape(x, Shape.of(1, 1600, 1)), 64, 64, 100);
  }

  @Test
  void aBarrierLeftOutIsARace() {
    String attention = planted("attention_1", "bar\\.sync\\s+0;", "");
    assertThatThrownBy(() -> run(attention, PlantedBugTest::attend))
        .isInstanceOf(BackendException.class)
        .hasMessageMatching("(?s).*(shared memory race|uninitialised read).*kernel attention_1.*");
    String spectrogram = planted("power_spectrogram", "bar\\.sync\\s+0;", "");
    assertThatThrownBy(() -> run(spectrogram, PlantedBugTest::spectrogram))
        .hasMessageMatching("(?s).*(shared memory race|uninitialised read).*kernel power_spec.*");
  }

  @Test
  void aWarpBarrierLeftOutIsARace() {
    String kernels = planted("attention_1", "bar\\.warp\\.sync[^;]*;", "");
    assertThatThrownBy(() -> run(kernels, PlantedBugTest::attend))
        .hasMessageMatching("(?s).*(shared memory race|uninitialised read).*kernel attention_1.*");
  }

  @Test
  void aBoundLeftOutIsOutOfBounds() {
    String kernels = planted("add", "@%p\\d+ bra[^;]*;", "");
    assertThatThrownBy(() -> run(kernels, (backend, x) -> backend.add(x, x)))
        .hasMessageContaining(
            "out of bounds: read of 4 bytes at byte 6400 of an allocation of 6400")
        .hasMessageContaining("kernel add, block (6, 0, 0), thread (64, 0, 0)");
  }

  @Test
  void aResultThatNobodyWritesIsUninitialised() {
    String kernels = planted("scale", "st\\.global\\.f32[^;]*;", "");
    assertThatThrownBy(() -> run(kernels, (backend, x) -> backend.scale(x, 2)))
        .hasMessageContaining("uninitialised read: copy to the host of 6400 bytes");
  }

  @Test
  void aShuffleOfTheWrongDistanceChangesTheSum() {
    BiFunction<CudaBackend, Tensor, Tensor> norm =
        (backend, x) -> backend.layerNorm(x, Weight.none(), Weight.none(), 1e-5f);
    String kernels =
        planted("layer_norm", "(shfl\\.sync\\.bfly\\.b32\\s+\\S+, \\S+,) %r\\d+,", "$1 3,");
    assertThat(run(kernels, norm)).isNotEqualTo(run(Kernels.text(), norm));
  }
}
