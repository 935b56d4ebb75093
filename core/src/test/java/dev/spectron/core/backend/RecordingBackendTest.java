package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordingBackendTest {
  @Test
  void weightsInputsAndOutputsAreKeptByName() {
    Map<String, WeightData> recorded;
    try (RecordingBackend backend =
        new RecordingBackend(new CheckedBackend(new ReferenceBackend()))) {
      Weight weight = backend.weight(WeightData.of("w", Shape.of(1, 2), new float[] {10, 1}));
      try (Scope _ = backend.openScope()) {
        float[] values = {1, 2};
        Tensor x = backend.upload(values, Shape.of(2));
        values[0] = 99;
        Tensor y = backend.linear(x, weight, Weight.none());
        backend.record("hidden", y);
        backend.download(backend.scale(y, 2));
        assertThatThrownBy(() -> backend.record("w", x))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("recording: w is recorded already; choose another name");
      }
      recorded = backend.recorded();
    }
    assertThat(recorded.keySet()).containsExactly("w", "input.0", "hidden", "output.0");
    assertThat(recorded.get("w").toFloats()).containsExactly(10, 1);
    assertThat(recorded.get("input.0").toFloats()).containsExactly(1, 2);
    assertThat(recorded.get("hidden").toFloats()).containsExactly(12);
    assertThat(recorded.get("output.0").toFloats()).containsExactly(24);
    assertThat(recorded.get("output.0").shape()).isEqualTo(Shape.of(1));
  }
}
