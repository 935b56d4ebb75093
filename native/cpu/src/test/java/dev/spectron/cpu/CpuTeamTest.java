package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everyChunkRunsOnce(int threads) {
    try (CpuTeam team = new CpuTeam(threads)) {
      for (int task = 0; task < 2000; task++) {
        int chunks = 1 + task % 7;
        AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
        team.run(
            chunks,
            (chunk, worker) -> {
              assertThat(worker).isBetween(0, threads - 1);
              runs.incrementAndGet(chunk);
            });
        for (int chunk = 0; chunk < chunks; chunk++) {
          assertThat(runs.get(chunk)).as("task %d, chunk %d", task, chunk).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void parkedThreadsWakeForTheNextTask() throws InterruptedException {
    try (CpuTeam team = new CpuTeam(3)) {
      for (int task = 0; task < 5; task++) {
        Thread.sleep(5);
        AtomicInteger sum = new AtomicInteger();
        team.run(64, (chunk, _) -> sum.addAndGet(chunk));
        assertThat(sum).hasValue(64 * 63 / 2);
      }
    }
  }

  @Test
  void whatAChunkWritesIsSeenByTheCaller() {
    int[] values = new int[512];
    try (CpuTeam team = new CpuTeam(3)) {
      for (int task = 1; task <= 300; task++) {
        int add = task;
        team.run(values.length, (chunk, _) -> values[chunk] += add);
      }
    }
    assertThat(values).containsOnly(300 * 301 / 2);
  }

  @Test
  void stretchesCoverASequenceWithoutOverlap() {
    try (CpuTeam team = new CpuTeam(3)) {
      for (int count : new int[] {1, 2, 3, 5, 17, 100, 1001}) {
        for (long cost : new long[] {1, 1 << 14, 1L << 40}) {
          AtomicIntegerArray runs = new AtomicIntegerArray(count);
          team.split(
              count,
              cost,
              (first, end, _) -> {
                for (int i = first; i < end; i++) {
                  runs.incrementAndGet(i);
                }
              });
          for (int i = 0; i < count; i++) {
            assertThat(runs.get(i)).as("%d of %d", i, count).isEqualTo(1);
          }
        }
      }
    }
  }

  @Test
  void aFailedChunkFailsTheTaskOnceAllOthersAreDone() {
    try (CpuTeam team = new CpuTeam(3)) {
      AtomicInteger done = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  team.run(
                      50,
                      (chunk, _) -> {
                        if (chunk == 20) {
                          throw new IllegalStateException("chunk 20: planted");
                        }
                        done.incrementAndGet();
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("chunk 20: planted");
      assertThat(done).hasValue(49);
      team.run(10, (_, _) -> done.incrementAndGet());
      assertThat(done).hasValue(59);
    }
  }

  @Test
  void closingEndsTheThreads() {
    CpuTeam team = new CpuTeam(3);
    team.run(3, (_, _) -> {});
    team.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("spectron-cpu-") && thread.isAlive());
    team.close();
  }
}
