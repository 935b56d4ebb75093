package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.cpu.Readiness.Kernel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final VectorWidth WIDTH = VectorWidth.of(128);

  @Test
  void everyKernelGetsReady() throws InterruptedException {
    Readiness readiness = Readiness.none();
    for (Kernel kernel : Kernel.values()) {
      assertThat(readiness.has(kernel)).isFalse();
    }
    CountDownLatch ready = new CountDownLatch(1);
    WarmUp warmUp = new WarmUp(WIDTH, readiness, ready::countDown);
    try (warmUp) {
      assertThat(ready.await(5, TimeUnit.MINUTES)).isTrue();
    }
    for (Kernel kernel : Kernel.values()) {
      assertThat(readiness.has(kernel)).as("%s", kernel).isTrue();
    }
  }

  @Test
  void closingEndsTheThread() {
    new WarmUp(WIDTH, Readiness.none(), () -> {}).close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals(WarmUp.THREAD));
  }
}
