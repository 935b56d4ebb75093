package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the layers of a decoding step leave to the garbage collector once their kernels are
 * compiled: descriptions of operands, never arrays or vectors.
 */
class StepGarbageTest {
  /**
   * Bytes that a layer may leave; its activations would be 15 KB, boxed vectors of one softmax
   * 1,400.
   */
  private static final long LIMIT = 6_500;

  private static final int CHANNELS = 256;
  private static final int HIDDEN = 768;
  private static final int N_HEADS = 4;
  private static final int STEPS = 300;

  /** Rounds of steps after which compilation has had its time. */
  private static final int MOST_ROUNDS = 200;

  @ParameterizedTest
  @CsvSource({"INT4, true", "INT4, false", "BF16, true", "BF16, false"})
  void stepsLeaveNextToNothing(Packing packing, boolean nativeCode) {
    CpuOptions options = new CpuOptions(0, 2, false, nativeCode, false);
    try (Backend backend = new CpuBackendProvider(options).open();
        Scope _ = backend.openScope()) {
      Layer layer = new Layer(backend, packing);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS && least > LIMIT; round++) {
        least = Math.min(least, layer.bytesPerStep());
      }
      assertThat(least).isLessThanOrEqualTo(LIMIT);
    }
  }

  /** One layer as {@code lm-decoder} writes it. */
  private static final class Layer {
    private final SplittableRandom random = new SplittableRandom(0);
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final AttentionSpec spec =
        AttentionSpec.of(N_HEADS, N_HEADS, CHANNELS / N_HEADS, new AttentionMask.Causal());
    private final Position position =
        new Position.Rotary(CHANNELS / N_HEADS, 10_000, new RotaryScaling.None());
    private final Backend backend;
    private final Packing packing;
    private final Weight[] projections = new Weight[4];
    private final Weight gate;
    private final Weight up;
    private final Weight down;
    private final Weight gain;
    private final float[] frame;

    Layer(Backend backend, Packing packing) {
      this.backend = backend;
      this.packing = packing;
      for (int i = 0; i < projections.length; i++) {
        projections[i] = matrix(CHANNELS, CHANNELS);
      }
      this.gate = matrix(HIDDEN, CHANNELS);
      this.up = matrix(HIDDEN, CHANNELS);
      this.down = matrix(CHANNELS, HIDDEN);
      this.gain = backend.weight(WeightData.of("gain", Shape.of(CHANNELS), normal(CHANNELS)));
      this.frame = normal(CHANNELS);
    }

    private Weight matrix(int out, int in) {
      WeightData rows = WeightData.of("matrix", Shape.of(out, in), normal(out * in));
      return backend.weight(WeightData.packed(rows, packing));
    }

    private float[] normal(int size) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) (0.1 * random.nextGaussian());
      }
      return values;
    }

    long bytesPerStep() {
      try (KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, STEPS + 1, CHANNELS))) {
        step(cache);
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < STEPS; i++) {
          step(cache);
        }
        return (threads.getTotalThreadAllocatedBytes() - before) / STEPS;
      }
    }

    private void step(KvCache cache) {
      try (Scope _ = backend.openScope()) {
        Tensor x = backend.upload(frame, Shape.of(1, 1, CHANNELS));
        Tensor y = backend.rmsNorm(x, gain, 1e-5f);
        Tensor q = backend.linear(y, projections[0], Weight.none());
        Tensor k = backend.linear(y, projections[1], Weight.none());
        Tensor v = backend.linear(y, projections[2], Weight.none());
        Tensor attended =
            backend.attention(q, k, v, spec, position, Lengths.full(1, 1), cache.layer(0));
        Tensor sum = backend.add(x, backend.linear(attended, projections[3], Weight.none()));
        Tensor inner = backend.rmsNorm(sum, gain, 1e-5f);
        backend.add(sum, backend.gatedFeedForward(inner, gate, up, Activation.SILU, down));
        cache.advance(1);
      }
    }
  }
}
