package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TorchScriptTest {
  @Test
  void anErrorOfLibtorchNamesTheOperation() {
    try (DjlBackend backend = DjlBackend.open(DjlOptions.answering().withThreads(1));
        Scope _ = backend.openScope()) {
      Weight weight = backend.weight(WeightData.of("w", Shape.of(2, 3), new float[6]));
      Tensor x = backend.upload(new float[4], Shape.of(1, 4));
      assertThatThrownBy(() -> backend.linear(x, weight, Weight.none()))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("djl: linear: ");
    }
  }

  @Test
  void aForeignCacheIsRejected() {
    try (DjlBackend backend = DjlBackend.open(DjlOptions.answering().withThreads(1));
        Scope _ = backend.openScope()) {
      Tensor x = backend.upload(new float[4], Shape.of(1, 1, 4));
      AttentionSpec spec = AttentionSpec.of(1, 1, 4, new AttentionMask.Causal());
      KvCache.Layer foreign = () -> 3;
      Lengths one = Lengths.full(1, 1);
      Position none = new Position.None();
      assertThatThrownBy(() -> backend.attention(x, x, x, spec, none, one, foreign))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("djl: expected a cache of this back end, found ");
    }
  }

  @Test
  void aClosedBackEndClosesItsScopes() {
    DjlBackend backend = DjlBackend.open(DjlOptions.answering().withThreads(1));
    Scope outer = backend.openScope();
    Scope inner = backend.openScope();
    backend.close();
    inner.close();
    outer.close();
    assertThatThrownBy(() -> backend.upload(new float[1], Shape.of(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("djl: no scope is open; open one with openScope()");
  }
}
