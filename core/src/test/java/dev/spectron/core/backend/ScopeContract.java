package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import org.junit.jupiter.api.Test;

/** Who owns a tensor, and until when. */
public interface ScopeContract extends OperationContract {
  /** Tensors that the back end under test holds in all its open scopes. */
  int liveTensors();

  @Test
  default void aHundredStepsLeaveNoTensorBehind() {
    Backend backend = sides().backend();
    WeightData data = sides().weight(8, 8);
    WeightData taps = sides().weight(8, 1, 3);
    Values x = sides().random(1, 4, 8);
    Weight weight = backend.weight(data);
    Weight kernel = backend.weight(taps);
    try (Scope run = backend.openScope();
        KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, 400, 8))) {
      Tensor kept = backend.upload(x.values(), x.shape());
      step(backend, kept, weight, kernel, cache);
      int before = liveTensors();
      for (int i = 1; i < 100; i++) {
        step(backend, kept, weight, kernel, cache);
        assertThat(liveTensors()).as("live tensors after step " + i).isEqualTo(before);
      }
      assertThat(run.toString()).isNotNull();
    }
    assertThat(liveTensors()).as("live tensors after the run").isZero();
  }

  private static void step(
      Backend backend, Tensor input, Weight weight, Weight kernel, KvCache cache) {
    Weight none = Weight.none();
    Conv1dSpec each = Conv1dSpec.same(3, 1, 8);
    AttentionSpec spec = AttentionSpec.of(2, 2, 4, new AttentionMask.Causal());
    Position rotary = new Position.Rotary(4, 10000, new RotaryScaling.None());
    Lengths full = Lengths.full(input);
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.add(backend.linear(input, weight, none), input, 0.5f);
      x = backend.layerNorm(backend.conv1d(x, kernel, none, each, full), none, none, 1e-5f);
      x = backend.attention(x, x, x, spec, rotary, full, cache.layer(0));
      x = backend.multiply(backend.activate(x, Activation.SILU), x);
      x = backend.add(x, backend.embed(Tokens.of(1, 2, 3, 4), weight));
      x = backend.feedForward(x, weight, none, Activation.GELU, weight, none);
      x = backend.gatedFeedForward(x, weight, weight, Activation.SILU, weight);
      backend.download(backend.rmsNorm(x, none, 1e-5f));
    }
    cache.advance(input.shape().size(1));
  }

  @Test
  default void keptTensorsOutliveTheirScope() {
    Backend backend = sides().backend();
    Values x = sides().random(2, 3, 17);
    Values other = sides().random(2, 3, 17);
    try (Scope _ = backend.openScope()) {
      Tensor kept;
      try (Scope inner = backend.openScope()) {
        backend.upload(other.values(), other.shape());
        Tensor y = backend.upload(x.values(), x.shape());
        backend.upload(other.values(), other.shape());
        kept = inner.keep(y);
      }
      try (Scope _ = backend.openScope()) {
        for (int i = 0; i < 4; i++) {
          backend.upload(other.values(), other.shape());
        }
      }
      assertThat(backend.download(kept)).isEqualTo(x.values());
      assertThat(liveTensors()).isEqualTo(1);
    }
  }

  @Test
  default void keepingATensorOfAnOuterScopeLeavesItThere() {
    Backend backend = sides().backend();
    Values x = sides().random(5);
    try (Scope _ = backend.openScope()) {
      Tensor outer = backend.upload(x.values(), x.shape());
      Tensor kept;
      try (Scope _ = backend.openScope();
          Scope inner = backend.openScope()) {
        kept = inner.keep(outer);
      }
      assertThat(backend.download(kept)).isEqualTo(x.values());
      assertThat(liveTensors()).isEqualTo(1);
    }
  }

  @Test
  default void tensorsOfAClosedScopeAreRejected() {
    Backend backend = sides().backend();
    try (Scope _ = backend.openScope()) {
      Tensor dead;
      try (Scope _ = backend.openScope()) {
        dead = backend.upload(new float[4], Shape.of(1, 1, 4));
      }
      assertThatThrownBy(() -> backend.scale(dead, 2)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> backend.download(dead)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  default void tensorsAndWeightsOfAnotherBackEndAreRejected() {
    Backend backend = sides().backend();
    WeightData data = sides().weight(4, 4);
    try (ReferenceBackend other = new ReferenceBackend();
        Scope _ = other.openScope();
        Scope _ = backend.openScope()) {
      Tensor x = backend.upload(new float[4], Shape.of(4));
      Weight weight = backend.weight(data);
      Weight foreignWeight = new Foreign(data);
      Tensor foreign = () -> Shape.of(4);
      assertThatThrownBy(() -> backend.linear(foreign, weight, Weight.none()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> backend.linear(x, foreignWeight, Weight.none()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  default void resultsDoNotChangeTheirOperands() {
    Backend backend = sides().backend();
    Values x = sides().random(2, 4, 8);
    WeightData data = sides().weight(8, 8);
    try (Scope _ = backend.openScope()) {
      Weight weight = backend.weight(data);
      Weight none = Weight.none();
      Tensor a = backend.upload(x.values(), x.shape());
      backend.add(a, a, 2);
      backend.multiply(a, a);
      backend.scale(a, 3);
      backend.activate(a, Activation.RELU);
      backend.layerNorm(a, none, none, 1e-5f);
      backend.linear(a, weight, none);
      backend.scale(backend.reshape(a, Shape.of(8, 8)), 5);
      AttentionSpec spec = AttentionSpec.of(2, 2, 4, new AttentionMask.Full());
      Position rotary = new Position.Rotary(4, 10000, new RotaryScaling.None());
      backend.attention(a, a, a, spec, rotary, Lengths.of(4, 2), KvCache.Layer.none());
      assertThat(backend.download(a)).isEqualTo(x.values());
    }
  }

  /** A weight no back end has made. */
  record Foreign(WeightData data) implements Weight {
    @Override
    public String path() {
      return data.path();
    }

    @Override
    public Shape shape() {
      return data.shape();
    }
  }
}
