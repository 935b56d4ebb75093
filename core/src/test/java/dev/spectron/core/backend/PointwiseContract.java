package dev.spectron.core.backend;

import dev.spectron.core.backend.SideBySide.Values;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operations on single elements. */
public interface PointwiseContract extends OperationContract {
  @Test
  default void pointwiseOperationsAgreeForEverySize() {
    for (int size : new int[] {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257}) {
      Values x = sides().random(2, 3, size);
      Values y = sides().random(2, 3, size);
      sides().agree("add", 1, s -> s.backend().add(s.x(x), s.x(y)));
      sides().agree("add scaled", 1, s -> s.backend().add(s.x(x), s.x(y), 0.5f));
      sides().agree("multiply", 1, s -> s.backend().multiply(s.x(x), s.x(y)));
      sides().agree("scale", 1, s -> s.backend().scale(s.x(x), -1.7f));
      Values wide = sides().random(2, 3, 2 * size);
      sides().agree("glu", 4, s -> s.backend().glu(s.x(wide)));
    }
  }

  @Test
  default void modulationAgrees() {
    for (int size : new int[] {1, 7, 33, 5000}) {
      Values x = sides().random(2, 3, size);
      Values scale = sides().random(2, 3, size);
      Values shift = sides().random(2, 3, size);
      for (Activation activation : List.of(Activation.LEAKY_RELU, Activation.SILU)) {
        sides()
            .agree(
                "modulate %s of %d".formatted(activation, size),
                4,
                s -> s.backend().modulate(s.x(x), s.x(scale), s.x(shift), activation));
      }
    }
  }

  @Test
  default void activationsAgreeFromTailToTail() {
    for (double deviation : new double[] {0.01, 1, 10, 100}) {
      Values x = sides().spread(deviation, 2, 257);
      for (Activation activation : Activation.values()) {
        sides()
            .agree(
                activation + " of deviation " + deviation,
                4,
                s -> s.backend().activate(s.x(x), activation));
      }
    }
  }

  @Test
  default void dropoutAndStopGradientChangeNothingOutsideTraining() {
    Values x = sides().random(2, 3, 17);
    sides().compare("dropout", 0, s -> s.backend().dropout(s.x(x), 0.9f));
    sides().compare("stopGradient", 0, s -> s.backend().stopGradient(s.x(x)));
  }
}
