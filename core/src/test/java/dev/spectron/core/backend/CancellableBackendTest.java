package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.CancelledException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellableBackendTest {
  @Test
  void theFirstOperationAfterARequestThrowsAndTheBackEndStaysUsable() {
    AtomicInteger left = new AtomicInteger(2);
    try (Backend inner = Backends.open("reference");
        Scope _ = inner.openScope()) {
      Backend backend = new CancellableBackend(inner, () -> left.getAndDecrement() <= 0);
      Tensor x = backend.upload(new float[] {1, 2}, Shape.of(1, 1, 2));
      Tensor y = backend.add(x, x);
      assertThatThrownBy(() -> backend.add(x, y))
          .isInstanceOf(CancelledException.class)
          .hasMessage(
              "answer: expected to finish, found a cancellation; ask again if it was not meant")
          .extracting(e -> ((CancelledException) e).code())
          .isEqualTo(ErrorCode.ANSWER_CANCELLED);
      assertThat(inner.download(inner.add(x, y))).containsExactly(3, 6);
    }
  }
}
