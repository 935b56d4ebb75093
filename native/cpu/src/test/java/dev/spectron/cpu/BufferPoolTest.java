package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BufferPoolTest {
  @Test
  void arraysGivenBackAreTakenAgain() {
    BufferPool pool = new BufferPool(1 << 20, false);
    float[] first = pool.take(1000);
    pool.give(first);
    assertThat(pool.take(1001)).isSameAs(first);
    assertThat(pool.take(1000)).isNotSameAs(first);
  }

  @Test
  void arraysAreLongEnoughAndWasteLittle() {
    BufferPool pool = new BufferPool(0, false);
    for (int length = 1; length < 100_000; length += 37) {
      assertThat(pool.take(length).length).isBetween(length, length + Math.max(64, length / 4));
    }
  }

  @Test
  void aFullPoolLetsArraysGo() {
    BufferPool pool = new BufferPool(2000, false);
    float[] first = pool.take(1024);
    float[] second = pool.take(1024);
    pool.give(first);
    pool.give(second);
    assertThat(pool.held()).isEqualTo(1024);
    assertThat(pool.take(1024)).isSameAs(first);
    assertThat(pool.held()).isZero();
  }

  @Test
  void poisonedArraysHoldNan() {
    BufferPool pool = new BufferPool(1 << 20, true);
    float[] fresh = pool.take(100);
    assertThat(fresh).containsOnly(Float.NaN);
    fresh[3] = 1;
    pool.give(fresh);
    assertThat(fresh).containsOnly(Float.NaN);
  }
}
