package dev.spectron.training.loss;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Scope;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdversarialLossTest {
  private final DjlBackend backend = DjlBackend.open(DjlOptions.answering().withThreads(1));

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void scoresBeyondTheHingeCostNothing() {
    try (Scope _ = backend.openScope()) {
      NDArray sure = backend.manager().create(new float[] {1, 2, 30});
      assertThat(AdversarialLoss.real(sure).getFloat()).isZero();
      assertThat(AdversarialLoss.passing(sure).getFloat()).isZero();
      assertThat(AdversarialLoss.made(sure.neg()).getFloat()).isZero();
    }
  }

  @Test
  void otherScoresCostTheirDistanceToIt() {
    try (Scope _ = backend.openScope()) {
      NDArray scores = backend.manager().create(new float[] {0, -3});
      assertThat(AdversarialLoss.real(scores).getFloat()).isEqualTo(2.5f);
      assertThat(AdversarialLoss.made(scores).getFloat()).isEqualTo(0.5f);
    }
  }
}
