package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.FrameBuffer;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.Voice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The law: whatever pieces the frames come in, the samples are those of the whole. */
class WaveFitStreamTest {
  private static final FeatureSpec SPEC = Voice.toyFeatures();
  private static final LogMel LOG_MEL = Voice.logMel(Voice.samples(2400, 8000, 1), SPEC);
  private static final int HOP = 12;

  private final Backend backend = Toy.backend();

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1", "0, 0, 2", "0, 0, 3", "0, 0, 8", "0, 0, 31", "0, 0, 97", "0, 0, 200",
    "3, 0, 1", "3, 0, 2", "3, 0, 3", "3, 0, 16", "3, 0, 31", "3, 0, 97", "3, 0, 200",
    "3, 2, 1", "3, 2, 2", "0, 2, 16", "3, 2, 17", "3, 2, 45", "0, 2, 97", "3, 2, 200"
  })
  void piecesGiveTheSamplesOfTheWhole(int phaseIterations, int polishIterations, int time) {
    WaveFitConfig config = Toy.config(phaseIterations, polishIterations);
    WaveFit waveFit = Toy.loudWaveFit(backend, config, time);
    LogMel logMel = LOG_MEL.slice(0, time);
    float[] whole = waveFit.whole(backend, logMel, new SplittableRandom(7)).samples();
    float[] made = waveFit.synthesize(backend, logMel, new SplittableRandom(7)).samples();
    assertThat(Voice.largestDifference(made, whole)).isLessThan(1e-5 * peak(whole));
    for (List<Integer> pieces : partitions(time)) {
      float[] streamed = join(stream(waveFit, logMel, pieces));
      assertThat(streamed).as("pieces %s", pieces).hasSize(HOP * time);
      assertThat(Voice.largestDifference(streamed, whole))
          .as("pieces %s", pieces)
          .isLessThan(1e-5 * peak(whole));
    }
  }

  /** At once, one by one, in odd pieces, and at random, none at all now and then. */
  private static List<List<Integer>> partitions(int time) {
    SplittableRandom random = new SplittableRandom(time);
    List<List<Integer>> partitions = new ArrayList<>();
    for (int most : new int[] {time, 1, 7, -5, -41}) {
      List<Integer> pieces = new ArrayList<>();
      for (int left = time; left > 0; left -= pieces.getLast()) {
        int size = most > 0 ? most : random.nextInt(1 - most);
        pieces.add(Math.min(left, size));
      }
      partitions.add(pieces);
    }
    return partitions;
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "3, 0, 0", "3, 2, 3"})
  void samplesAreBehindByTheLookaheadAtMostAndAtTimesByNearlyAllOfIt(
      int phases, int polish, int spare) {
    WaveFit waveFit = Toy.loudWaveFit(backend, Toy.config(phases, polish), 2);
    WaveFitStream stream = waveFit.stream(backend, new SplittableRandom(3));
    int made = 0;
    int furthest = 0;
    for (int k = 1; k <= LOG_MEL.time(); k++) {
      made += stream.push(LOG_MEL.slice(k - 1, k)).length;
      furthest = Math.max(furthest, k - made / HOP);
      assertThat(made).isGreaterThanOrEqualTo((k - waveFit.lookahead()) * HOP);
    }
    assertThat(furthest).isEqualTo(waveFit.lookahead() - spare);
  }

  @Test
  void theLookaheadIsASumOverItsParts() {
    // Noise: a step of 8 and a window of 4 hops; Griffin-Lim: a block of 16 and 12 behind it. An
    // iteration: the frames that the generator sees, in steps of 8, and one more for the gain.
    int reach = Generator.load(Toy.config(), Toy.weights(backend, 1)).reach(HOP).last();
    assertThat(reach).isBetween(9, 16);
    assertThat(Toy.loudWaveFit(backend, 0, 1).lookahead()).isEqualTo(8 + 4 - 1 + 3 * 24);
    assertThat(Toy.loudWaveFit(backend, 3, 1).lookahead()).isEqualTo(16 + 12 - 1 + 3 * 24);
    WaveFit polished = Toy.loudWaveFit(backend, Toy.config(3, 2), 1);
    assertThat(polished.lookahead()).isEqualTo(2 * (16 + 12 - 1) + 3 * 24);
  }

  @Test
  void theMiniVocoderIsBehindByLessThanASecond() {
    FeatureSpec spec = Voice.miniFeatures();
    WaveFit waveFit = WaveFit.load(WaveFitConfig.mini(spec), spec, Toy.weights(backend, 1));
    assertThat(waveFit.lookahead()).isEqualTo(2 * (16 + 12 - 1) + 16);
  }

  @Test
  void noFrameHearsWhatIsBehindItsLookahead() {
    // Whatever the stream waits for by its grids, less is heard: the generator's edges and the
    // start of a fade are lost in rounding.
    WaveFit waveFit = Toy.loudWaveFit(backend, 3, 4);
    int lookahead = waveFit.lookahead();
    float[] samples = Arrays.copyOf(synthesize(waveFit, LOG_MEL), HOP);
    int furthest = 0;
    for (int ahead = 1; ahead < 2 * lookahead; ahead++) {
      float[] others = Arrays.copyOf(synthesize(waveFit, withLoudFrame(ahead)), HOP);
      furthest = Arrays.equals(others, samples) ? furthest : ahead;
    }
    assertThat(furthest).isBetween(lookahead / 3, lookahead);
  }

  @Test
  void noFrameHearsMoreOfThePastThanItsLeftContext() {
    WaveFit waveFit = Toy.loudWaveFit(backend, 0, 5);
    float[] samples = synthesize(waveFit, LOG_MEL);
    float[] others = synthesize(waveFit, withLoudFrame(3));
    int last = samples.length - 1;
    while (samples[last] == others[last]) {
      last--;
    }
    // The gain alone reaches this far; what the generator adds at its edges is lost in rounding.
    int gain = 3 * (GainAdjustment.LENGTH - GainAdjustment.STEP);
    assertThat(last / HOP - 3).isBetween(gain, waveFit.leftContext());
  }

  private LogMel withLoudFrame(int frame) {
    float[] frames = LOG_MEL.frames().clone();
    Arrays.fill(frames, frame * SPEC.nMels(), (frame + 1) * SPEC.nMels(), 4);
    return new LogMel(frames, SPEC);
  }

  private float[] synthesize(WaveFit waveFit, LogMel logMel) {
    return waveFit.whole(backend, logMel, new SplittableRandom(2)).samples();
  }

  @Test
  void memoryDoesNotGrowWithTheUtterance() {
    FrameBuffer buffer = new FrameBuffer(3);
    for (int t = 0; t < 1000; t++) {
      buffer.append(new float[] {t, t, t});
      buffer.forget(t - 4);
      assertThat(buffer.size()).isLessThanOrEqualTo(6);
    }
    assertThat(buffer.slice(998, 1000)).containsExactly(998, 998, 998, 999, 999, 999);
    WaveFit waveFit = Toy.loudWaveFit(backend, Toy.config(3, 2), 6);
    WaveFitStream stream = waveFit.stream(backend, new SplittableRandom(1));
    int early = 0;
    int late = 0;
    for (int k = 0; k < 4 * 200; k++) {
      stream.push(LOG_MEL.slice(k % 200, k % 200 + 1));
      early = k < 200 ? Math.max(early, stream.heldFrames()) : early;
      late = Math.max(late, stream.heldFrames());
    }
    assertThat(late).isEqualTo(early).isLessThan(4 * 200);
  }

  @Test
  void framesThatAreNotFiniteAreRefusedByTheirPlaceAndDoNotCount() {
    WaveFit waveFit = Toy.loudWaveFit(backend, 3, 6);
    WaveFitStream stream = waveFit.stream(backend, new SplittableRandom(1));
    stream.push(LOG_MEL.slice(0, 5));
    float[] broken = LOG_MEL.slice(5, 7).frames();
    broken[12] = Float.NaN;
    assertThatThrownBy(() -> stream.push(new LogMel(broken, SPEC)))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            "vocoder: frame 6, mel bin 2: expected a finite value, found NaN; the model or its back"
                + " end is faulty");
    stream.push(LOG_MEL.slice(5, 9));
    float[] whole =
        waveFit.synthesize(backend, LOG_MEL.slice(0, 9), new SplittableRandom(1)).samples();
    assertThat(Voice.largestDifference(stream.finish(), whole)).isLessThan(1e-5 * peak(whole));
  }

  @Test
  void nothingFollowsTheEnd() {
    WaveFitStream stream = Toy.loudWaveFit(backend, 0, 6).stream(backend, new SplittableRandom(1));
    assertThat(stream.finish()).isEmpty();
    assertThatThrownBy(() -> stream.push(LOG_MEL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("vocoder: the stream is finished; open another one for another utterance");
  }

  private List<float[]> stream(WaveFit waveFit, LogMel logMel, List<Integer> pieces) {
    WaveFitStream stream = waveFit.stream(backend, new SplittableRandom(7));
    List<float[]> made = new ArrayList<>();
    int from = 0;
    for (int size : pieces) {
      made.add(stream.push(logMel.slice(from, from + size)));
      from += size;
    }
    made.add(stream.finish());
    return made;
  }

  private static float[] join(List<float[]> parts) {
    float[] joined = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  private static double peak(float[] samples) {
    return Voice.largestDifference(samples, new float[samples.length]);
  }
}
