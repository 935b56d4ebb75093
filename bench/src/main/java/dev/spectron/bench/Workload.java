package dev.spectron.bench;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * Operations of {@code spectron-mini} at the sizes of an answer: an encoder pass over 3 s of speech
 * (75 positions), the prefill of the decoder (90 positions) and its steps (one row), and each once
 * at the size of a large model.
 */
public enum Workload {
  /** Next to no arithmetic: what a call costs. */
  CALL(new Linear(1, 1, 1)),
  /** Queries, keys, values and output of the encoder's attention. */
  ENCODER_PROJECTION(new Linear(75, 192, 192)),
  /** First half of the encoder's feed-forward. */
  ENCODER_UP(new Linear(75, 192, 768)),
  /** Second half of the encoder's feed-forward. */
  ENCODER_DOWN(new Linear(75, 768, 192)),
  /** Queries, keys, values and output of the decoder's attention. */
  PREFILL_PROJECTION(new Linear(90, 256, 256)),
  /** First half of the decoder's feed-forward. */
  PREFILL_UP(new Linear(90, 256, 768)),
  /** Second half of the decoder's feed-forward. */
  PREFILL_DOWN(new Linear(90, 768, 256)),
  /** {@link #PREFILL_PROJECTION} in a step. */
  STEP_PROJECTION(new Linear(1, 256, 256)),
  /** {@link #PREFILL_UP} in a step. */
  STEP_UP(new Linear(1, 256, 768)),
  /** {@link #PREFILL_DOWN} in a step. */
  STEP_DOWN(new Linear(1, 768, 256)),
  /** Logits of the text. */
  STEP_HEAD(new Linear(1, 256, 974)),
  /** Feed-forward of a model of 350M parameters. */
  LARGE_UP(new Linear(100, 1024, 4096)),
  /** The encoder's attention. */
  ENCODER_ATTENTION(new Attention(75, 4, 48, 0, new AttentionMask.Full())),
  /** The decoder's attention over the prefix. */
  PREFILL_ATTENTION(new Attention(90, 4, 64, 0, new AttentionMask.Causal())),
  /** The decoder's attention in a step, after 200 positions. */
  STEP_ATTENTION(new Attention(1, 4, 64, 200, new AttentionMask.Causal())),
  /** Attention of a model of 350M parameters. */
  LARGE_ATTENTION(new Attention(100, 16, 64, 0, new AttentionMask.Causal()));

  private static final long SEED = 1;

  @SuppressWarnings("ImmutableEnumChecker") // its kinds are records of immutable values
  private final Operation operation;

  Workload(Operation operation) {
    this.operation = operation;
  }

  /** What it does and its sizes. */
  public String title() {
    return operation.toString();
  }

  /**
   * Makes inputs and weights, the same on every back end, in the backend's current scope.
   *
   * @return performs the operation once
   */
  public Call on(Backend backend) {
    return operation.on(backend, new SplittableRandom(SEED));
  }

  /** An operation that is ready to run. */
  @FunctionalInterface
  public interface Call {
    /** Performs it once, in the backend's current scope. */
    Tensor run();
  }

  private interface Operation {
    Call on(Backend backend, SplittableRandom random);
  }

  private record Linear(int rows, int in, int out) implements Operation {
    /** Weights used in turn, as in the layers of the model: one set would stay in the cache. */
    private static final int LAYERS = 5;

    @Override
    public Call on(Backend backend, SplittableRandom random) {
      Tensor x = uniform(backend, Shape.of(1, rows, in), random);
      Weight[] weights = new Weight[LAYERS];
      for (int i = 0; i < LAYERS; i++) {
        Shape shape = Shape.of(out, in);
        weights[i] = backend.weight(WeightData.of("weight" + i, shape, uniform(shape, random)));
      }
      int[] next = {0};
      return () -> backend.linear(x, weights[next[0]++ % LAYERS], Weight.none());
    }

    @Override
    public String toString() {
      return "linear %d×%d×%d".formatted(rows, in, out);
    }
  }

  private record Attention(int time, int nHeads, int headDim, int past, AttentionMask mask)
      implements Operation {
    @Override
    public Call on(Backend backend, SplittableRandom random) {
      AttentionSpec spec = AttentionSpec.of(nHeads, nHeads, headDim, mask);
      Position position = new Position.Rotary(headDim, 10_000, new RotaryScaling.None());
      KvCache.Layer cache = cache(backend, spec, position, random);
      Lengths lengths = Lengths.full(1, time);
      Shape shape = Shape.of(1, time, spec.channels());
      Tensor q = uniform(backend, shape, random);
      Tensor k = uniform(backend, shape, random);
      Tensor v = uniform(backend, shape, random);
      return () -> backend.attention(q, k, v, spec, position, lengths, cache);
    }

    /** None in the encoder; never advanced past {@code past}, so that every call is the same. */
    private KvCache.Layer cache(
        Backend backend, AttentionSpec spec, Position position, SplittableRandom random) {
      if (mask instanceof AttentionMask.Full) {
        return KvCache.Layer.none();
      }
      KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, 1024, spec.kvChannels()));
      if (past > 0) {
        Tensor x = uniform(backend, Shape.of(1, past, spec.channels()), random);
        backend.attention(x, x, x, spec, position, Lengths.full(1, past), cache.layer(0));
        cache.advance(past);
      }
      return cache.layer(0);
    }

    @Override
    public String toString() {
      String keys = past > 0 ? " after %d".formatted(past) : "";
      return "attention %d%s, %d heads of %d".formatted(time, keys, nHeads, headDim);
    }
  }

  private static Tensor uniform(Backend backend, Shape shape, SplittableRandom random) {
    return backend.upload(uniform(shape, random), shape);
  }

  private static float[] uniform(Shape shape, SplittableRandom random) {
    float[] values = new float[shape.arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
