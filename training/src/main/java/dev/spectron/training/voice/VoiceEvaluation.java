package dev.spectron.training.voice;

import dev.spectron.audio.EndPointer;
import dev.spectron.audio.EndPointing;
import dev.spectron.audio.Resampler;
import dev.spectron.audio.VoiceDetector;
import dev.spectron.core.error.TrainingException;
import dev.spectron.training.dataset.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Hears recordings of speech under noise, each between three seconds of noise alone and two. What
 * is speech is known from the recording without the noise.
 */
public final class VoiceEvaluation {
  private static final int RATE = 16_000;
  private static final int BEFORE_SECONDS = 3;
  private static final int AFTER_SECONDS = 2;
  private static final double ONE_PERCENT = 0.01;
  private static final int SETTLE_FRAMES = 50;

  private final List<float[]> clips;
  private final Options options;

  /**
   * What to try.
   *
   * @param pointing what counts as an utterance
   * @param backgrounds kinds of noise
   * @param snrs speech over noise, dB
   * @param seed of the noise
   */
  public record Options(
      EndPointing pointing, List<Background> backgrounds, List<Double> snrs, long seed) {
    /**
     * Copies the lists.
     *
     * @throws TrainingException if one is empty or a ratio not finite
     */
    public Options {
      backgrounds = List.copyOf(backgrounds);
      snrs = List.copyOf(snrs);
      if (backgrounds.isEmpty()
          || snrs.isEmpty()
          || !snrs.stream().allMatch(snr -> Math.abs(snr) <= 100)) {
        throw new TrainingException(
            "voice trials: expected at least one kind of noise and ratios of −100 to 100 dB, found %s and %s"
                .formatted(backgrounds, snrs));
      }
    }
  }

  /** Told after every recording. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called by the thread that evaluates.
     *
     * @param done recordings heard so far
     * @param total recordings to hear
     */
    void heard(int done, int total);
  }

  private VoiceEvaluation(List<float[]> clips, Options options) {
    this.clips = clips;
    this.options = options;
  }

  /**
   * Runs all conditions.
   *
   * @param recordings at least two, as the others are the voices behind one
   * @throws TrainingException if there are fewer, or one cannot be read
   */
  public static VoiceReport run(List<Recording> recordings, Options options, Progress progress) {
    if (recordings.size() < 2) {
      throw new TrainingException(
          "voice trials: expected at least 2 recordings, found %d; give more"
              .formatted(recordings.size()));
    }
    List<float[]> clips =
        recordings.stream()
            .map(recording -> Resampler.resample(recording.read(), RATE).samples())
            .toList();
    VoiceEvaluation evaluation = new VoiceEvaluation(clips, options);
    List<VoiceCondition> found = new ArrayList<>();
    int conditions = options.backgrounds.size() * options.snrs.size();
    for (Background background : options.backgrounds) {
      for (double snr : options.snrs) {
        int before = found.size() * clips.size();
        int total = conditions * clips.size();
        found.add(
            evaluation.condition(background, snr, done -> progress.heard(before + done, total)));
      }
    }
    return new VoiceReport(options.pointing.threshold(), found);
  }

  private VoiceCondition condition(Background background, double snr, IntConsumer progress) {
    ErrorCurve scores = new ErrorCurve();
    ErrorCurve levels = new ErrorCurve();
    Utterances utterances = new Utterances();
    double noiseSeconds = 0;
    for (int clip = 0; clip < clips.size(); clip++) {
      SplittableRandom random = new SplittableRandom(options.seed + clip);
      Mixture mixture = mix(clip, background, snr, random);
      score(mixture, scores, levels);
      utterances.hear(mixture, options.pointing);
      noiseSeconds += BEFORE_SECONDS + AFTER_SECONDS;
      progress.accept(clip + 1);
    }
    ErrorCurve.Point inUse = scores.at(options.pointing.threshold());
    double[] begins = utterances.begins.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(begins);
    return new VoiceCondition(
        background.label(),
        snr,
        scores.speechCount(),
        scores.noiseCount(),
        inUse.falseAlarms(),
        inUse.misses(),
        scores.withFalseAlarms(ONE_PERCENT).misses(),
        levels.withFalseAlarms(ONE_PERCENT).misses(),
        begins.length,
        clips.size(),
        utterances.withoutSpeech,
        noiseSeconds / 60,
        quantile(begins, 0.5),
        quantile(begins, 0.95),
        scores.curve().stream()
            .map(p -> new VoiceCondition.Point(p.threshold(), p.falseAlarms(), p.misses()))
            .toList());
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }

  /**
   * Speech under noise.
   *
   * @param sound what is heard
   * @param kinds what each frame is
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Mixture(float[] sound, SpeechFrames.Kind[] kinds) {}

  private Mixture mix(int clip, Background background, double snr, SplittableRandom random) {
    float[] clean = clips.get(clip);
    int before = BEFORE_SECONDS * RATE;
    float[] sound = new float[before + clean.length + AFTER_SECONDS * RATE];
    int hop = hop();
    SpeechFrames frames = SpeechFrames.of(clean, hop);
    SpeechFrames.Kind[] kinds = new SpeechFrames.Kind[sound.length / hop];
    Arrays.fill(kinds, SpeechFrames.Kind.SILENCE);
    System.arraycopy(frames.frames(), 0, kinds, before / hop, frames.frames().length);
    List<float[]> others = new ArrayList<>(clips);
    others.remove(clip);
    float[] noise = background.make(sound.length, RATE, others, random);
    float scale = (float) Math.sqrt(frames.speechPower() * Math.pow(10, -snr / 10));
    for (int i = 0; i < sound.length; i++) {
      sound[i] = scale * noise[i];
    }
    for (int i = 0; i < clean.length; i++) {
      sound[before + i] += clean[i];
    }
    return new Mixture(sound, kinds);
  }

  private static int hop() {
    return new VoiceDetector(RATE).hop();
  }

  private static void score(Mixture mixture, ErrorCurve scores, ErrorCurve levels) {
    VoiceDetector detector = new VoiceDetector(RATE);
    LevelDetector level = new LevelDetector(detector.hop());
    for (int n = 0; n < mixture.kinds.length; n++) {
      double score = detector.next(mixture.sound, n * detector.hop());
      double above = level.next(mixture.sound, n * detector.hop());
      if (n >= SETTLE_FRAMES && mixture.kinds[n] != SpeechFrames.Kind.UNSURE) {
        boolean isSpeech = mixture.kinds[n] == SpeechFrames.Kind.SPEECH;
        scores.add(isSpeech, score);
        levels.add(isSpeech, above);
      }
    }
  }

  /** What an end-pointer makes of the mixtures. */
  private static final class Utterances {
    private final List<Double> begins = new ArrayList<>();
    private int withoutSpeech;

    void hear(Mixture mixture, EndPointing pointing) {
      EndPointer endPointer = new EndPointer(pointing, RATE);
      List<EndPointer.Edge> edges = new ArrayList<>(endPointer.hear(mixture.sound));
      if (endPointer.isSpeaking()) {
        edges.add(new EndPointer.Edge(false, mixture.sound.length));
      }
      int first = Arrays.asList(mixture.kinds).indexOf(SpeechFrames.Kind.SPEECH);
      boolean found = false;
      for (int i = 0; i + 1 < edges.size(); i += 2) {
        int from = (int) (edges.get(i).sample() / hop());
        int to = (int) Math.min(edges.get(i + 1).sample() / hop(), mixture.kinds.length);
        boolean hasSpeech = false;
        for (int n = from; n < to; n++) {
          hasSpeech |= mixture.kinds[n] != SpeechFrames.Kind.SILENCE;
        }
        withoutSpeech += hasSpeech ? 0 : 1;
        if (hasSpeech && !found) {
          found = true;
          begins.add(1000.0 * (edges.get(i).sample() - (first - 1.0) * hop()) / RATE);
        }
      }
    }
  }
}
