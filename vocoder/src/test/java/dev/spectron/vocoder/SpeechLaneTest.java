package dev.spectron.vocoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CancelledException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A stream on a thread of its own. */
class SpeechLaneTest {
  private final CountDownLatch mayWork = new CountDownLatch(1);
  private final List<Thread> workers = new ArrayList<>();

  @Test
  void samplesComeInOrderFromAnotherThreadThatNobodyWaitsFor() throws Exception {
    try (SpeechLane lane = lane()) {
      for (int i = 0; i < 5; i++) {
        lane.push(frames(SpeechLane.PIECE / 2, i));
      }
      assertThat(lane.ready()).as("nothing is made yet").isEmpty();
      mayWork.countDown();
      lane.finish();
      List<Float> samples = new ArrayList<>();
      while (lane.hasNext()) {
        for (float sample : lane.next(Cancellation.never())) {
          samples.add(sample);
        }
      }
      assertThat(samples).as("first of each piece").containsExactly(0f, 2f, 4f, -1f);
    }
    assertThat(workers).hasSize(1).doesNotContain(Thread.currentThread());
    workers.getFirst().join();
  }

  @Test
  void whatTheStreamThrowsReachesTheCaller() {
    mayWork.countDown();
    try (SpeechLane lane = lane()) {
      lane.push(frames(SpeechLane.PIECE, 13));
      assertThatThrownBy(() -> lane.next(Cancellation.never()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("unlucky");
    }
  }

  @Test
  void waitingIsGivenUpAndSoIsWhatWasNotBegun() throws Exception {
    try (SpeechLane lane = lane()) {
      lane.push(frames(2 * SpeechLane.PIECE, 1));
      assertThatThrownBy(() -> lane.next(() -> true)).isInstanceOf(CancelledException.class);
      mayWork.countDown();
    }
    workers.getFirst().join();
  }

  private SpeechLane lane() {
    return new SpeechLane(
        new Numbers(), new ReferenceBackend(), Voice.toyFeatures(), new SplittableRandom(0));
  }

  private static LogMel frames(int time, int number) {
    FeatureSpec spec = Voice.toyFeatures();
    float[] frames = new float[time * spec.nMels()];
    Arrays.fill(frames, number);
    return new LogMel(frames, spec);
  }

  /** Speaks the first number of what it is given. */
  private final class Numbers implements Vocoder {
    @Override
    public Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SpeechStream stream(Backend backend, RandomGenerator random) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SpeechStream stream(Backend backend, RandomGenerator random, Cancellation cancellation) {
      return new SpeechStream() {
        @Override
        public float[] push(LogMel logMel) {
          try {
            mayWork.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          if (!workers.contains(Thread.currentThread())) {
            workers.add(Thread.currentThread());
          }
          cancellation.check();
          if (logMel.frames()[0] == 13) {
            throw new IllegalArgumentException("unlucky");
          }
          return new float[] {logMel.frames()[0]};
        }

        @Override
        public float[] finish() {
          return new float[] {-1};
        }
      };
    }
  }
}
