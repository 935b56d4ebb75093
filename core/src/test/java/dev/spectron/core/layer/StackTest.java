package dev.spectron.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 24})
  void everyLayerWorksOnTheResultOfTheOneBefore(int layers) {
    try (Backend backend = Backends.open("reference");
        Scope _ = backend.openScope()) {
      Tensor x = backend.upload(new float[] {1}, Shape.of(1));
      Tensor y =
          Stack.forward(
              backend,
              layers,
              x,
              (i, before) ->
                  backend.add(
                      backend.scale(before, 2), backend.upload(new float[] {i}, Shape.of(1))));
      float expected = 1;
      for (int i = 0; i < layers; i++) {
        expected = 2 * expected + i;
      }
      assertThat(backend.download(y)).containsExactly(expected);
      assertThat(backend.download(x)).containsExactly(1);
    }
  }
}
