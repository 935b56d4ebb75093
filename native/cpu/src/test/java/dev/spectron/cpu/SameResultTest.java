package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.Conv2dSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Results that are equal to the last bit, however they are computed: on vectors or without. */
class SameResultTest {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Random random = new Random(7);

  @Test
  void noResultDependsOnThreadsOrVectorWidth() {
    WeightData square = weight(48, 48);
    WeightData wide = weight(100, 48);
    WeightData narrow = weight(48, 100);
    WeightData depthwise = weight(48, 1, 5);
    WeightData dense = weight(48, 48, 3);
    WeightData plane = weight(8, 1, 3, 3);
    WeightData u = weight(4, 12);
    float[] x = values(2 * 37 * 48);
    Program program =
        backend -> {
          Weight none = Weight.none();
          Lengths lengths = Lengths.of(37, 20);
          Tensor y = backend.upload(x, Shape.of(2, 37, 48));
          y = backend.linear(y, backend.weight(square), none);
          y = backend.layerNorm(y, none, none, 1e-5f);
          Weight up = backend.weight(wide);
          Weight down = backend.weight(narrow);
          y = backend.feedForward(y, up, none, Activation.SILU, down, none);
          y = backend.rmsNorm(y, none, 1e-5f);
          y = backend.gatedFeedForward(y, up, up, Activation.GELU, down);
          AttentionSpec spec = AttentionSpec.of(4, 4, 12, new AttentionMask.Causal());
          Weight bias = backend.weight(u);
          for (Position position :
              new Position[] {
                new Position.Rotary(12, 10000, new RotaryScaling.None()),
                new Position.TransformerXl(backend.weight(square), bias, bias)
              }) {
            y = backend.attention(y, y, y, spec, position, lengths, KvCache.Layer.none());
          }
          Conv1dSpec each = Conv1dSpec.same(5, 1, 48);
          y = backend.conv1d(y, backend.weight(depthwise), none, each, lengths);
          y = backend.conv1d(y, backend.weight(dense), none, Conv1dSpec.same(3, 2, 1), lengths);
          y = backend.convTranspose1d(y, backend.weight(dense), none, 2, 0, lengths);
          y = backend.glu(backend.activate(y, Activation.TANH));
          Tensor image = backend.reshape(y, Shape.of(2, 75, 24, 1));
          Conv2dSpec halve = new Conv2dSpec(3, 2, 1, 1);
          return backend.conv2d(image, backend.weight(plane), none, halve, Lengths.of(75, 40));
        };
    float[] alone = run(128, 1, program);
    assertThat(alone).doesNotContain(Float.NaN);
    assertThat(run(128, 2, program)).isEqualTo(alone);
    assertThat(run(256, 3, program)).isEqualTo(alone);
    assertThat(run(512, 1, program)).isEqualTo(alone);
  }

  @Test
  void aRowDoesNotDependOnItsCompany() {
    int depth = 600;
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      WeightData weight = as(dtype, weight(70, depth));
      float[] x = values(9 * depth);
      for (int bits : new int[] {128, 256, 512}) {
        float[] together =
            run(bits, 2, b -> b.linear(b.upload(x, Shape.of(9, depth)), b.weight(weight), none()));
        for (int row : new int[] {0, 8}) {
          float[] one = Arrays.copyOfRange(x, row * depth, (row + 1) * depth);
          float[] alone =
              run(
                  bits,
                  2,
                  b -> b.linear(b.upload(one, Shape.of(1, depth)), b.weight(weight), none()));
          assertThat(alone).isEqualTo(Arrays.copyOfRange(together, row * 70, (row + 1) * 70));
        }
      }
    }
  }

  @Test
  void bf16WeightsGiveWhatTheirValuesGiveAsFloats() {
    for (int depth : new int[] {1, 2, 255, 256, 257, 515}) {
      WeightData bf16 = as(DType.BF16, weight(70, depth));
      WeightData floats = WeightData.of("w", bf16.shape(), bf16.toFloats());
      for (int rows : new int[] {1, 2, 7}) {
        float[] x = values(rows * depth);
        Shape shape = Shape.of(rows, depth);
        float[] expected = run(256, 1, b -> b.linear(b.upload(x, shape), b.weight(floats), none()));
        assertThat(run(256, 1, b -> b.linear(b.upload(x, shape), b.weight(bf16), none())))
            .as("%d rows, depth %d", rows, depth)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void bf16TapsThatStartAtAnOddDepthGiveWhatTheirValuesGiveAsFloats() {
    WeightData bf16 = as(DType.BF16, weight(40, 17, 3));
    WeightData floats = WeightData.of("w", bf16.shape(), bf16.toFloats());
    for (int time : new int[] {1, 20}) {
      float[] x = values(time * 17);
      Conv1dSpec spec = Conv1dSpec.same(3, 2, 1);
      float[][] results = new float[2][];
      for (int i = 0; i < 2; i++) {
        WeightData weight = i == 0 ? bf16 : floats;
        results[i] =
            run(
                256,
                1,
                b -> {
                  Tensor frames = b.upload(x, Shape.of(1, time, 17));
                  Lengths full = Lengths.full(frames);
                  return b.conv1d(frames, b.weight(weight), none(), spec, full);
                });
      }
      assertThat(results[0]).isEqualTo(results[1]);
    }
  }

  @FunctionalInterface
  private interface Program {
    Tensor run(CpuBackend backend);
  }

  private static float[] run(int bits, int threads, Program program) {
    float[] vectors = run(bits, new CpuOptions(bits, threads, false, true), program);
    float[] scalars = run(bits, new CpuOptions(bits, threads, true, true), program);
    assertThat(scalars).isEqualTo(vectors);
    return vectors;
  }

  private static float[] run(int bits, CpuOptions options, Program program) {
    CpuBackend backend = new CpuBackend(bits, options);
    try (backend;
        Scope _ = backend.openScope()) {
      return backend.download(program.run(backend));
    }
  }

  private static Weight none() {
    return Weight.none();
  }

  private WeightData weight(int... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = values(shape.arrayLength());
    int fanIn = values.length / sizes[0];
    for (int i = 0; i < values.length; i++) {
      values[i] /= (float) Math.sqrt(fanIn);
    }
    return WeightData.of("w", shape, values);
  }

  private static WeightData as(DType dtype, WeightData weight) {
    if (dtype == DType.F32) {
      return weight;
    }
    int n = weight.shape().arrayLength();
    MemorySegment data = MemorySegment.ofArray(new byte[n * Short.BYTES]);
    for (int i = 0; i < n; i++) {
      short upper = (short) (Float.floatToIntBits(weight.get(i)) >>> 16);
      data.set(SHORT, (long) i * Short.BYTES, upper);
    }
    return new WeightData(weight.path(), DType.BF16, weight.shape(), data);
  }

  private float[] values(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
