package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracedBackendTest {
  private final List<TraceEvent> events = new ArrayList<>();
  private final Backend backend =
      new TracedBackend(new CheckedBackend(new ReferenceBackend()), events::add);

  @Test
  void everyOperationIsReportedWithWeightShapeAndRange() {
    Weight weight = backend.weight(WeightData.of("w", Shape.of(2, 1), new float[] {2, -3}));
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(new float[] {1, Float.NaN, 5}, Shape.of(1, 3, 1));
      backend.linear(x, weight, Weight.none());
      backend.feedForward(x, weight, Weight.none(), Activation.RELU, square(), Weight.none());
    }
    assertThat(events)
        .containsExactly(
            new TraceEvent("upload", "", Shape.of(1, 3, 1), 1, 5, 1),
            new TraceEvent("linear", "w", Shape.of(1, 3, 2), -15, 10, 2),
            new TraceEvent("feedForward", "w", Shape.of(1, 3, 1), 2, 10, 1));
    assertThat(events.get(1)).hasToString("linear w [1, 3, 2] min -15.000 max 10.000 nan 2");
  }

  @Test
  void nothingButNanHasNoRange() {
    try (Scope _ = backend.openScope()) {
      backend.upload(new float[] {Float.NaN}, Shape.of(1));
    }
    assertThat(events)
        .containsExactly(new TraceEvent("upload", "", Shape.of(1), Float.NaN, Float.NaN, 1));
  }

  private Weight square() {
    return backend.weight(WeightData.of("down", Shape.of(1, 2), new float[] {1, 1}));
  }
}
