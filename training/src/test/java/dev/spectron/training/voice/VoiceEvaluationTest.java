package dev.spectron.training.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.audio.EndPointing;
import dev.spectron.core.error.TrainingException;
import dev.spectron.training.dataset.Datasets;
import dev.spectron.training.dataset.Recording;
import dev.spectron.training.eval.TextTable;
import dev.spectron.training.plot.DetectionCurve;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VoiceEvaluationTest {
  private static final List<Recording> CLIPS =
      Datasets.sounds(Path.of("..", "samples", "questions")).subList(0, 4);

  @TempDir private Path folder;

  @Test
  void moreNoiseMeansMoreMissesAndTheDetectorBeatsTheLevel() throws Exception {
    List<Integer> heard = new ArrayList<>();
    VoiceReport report = run(List.of(Background.WHITE), List.of(20.0, 0.0), heard);
    assertThat(heard).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    VoiceCondition easy = report.conditions().getFirst();
    VoiceCondition hard = report.conditions().getLast();
    assertThat(easy.misses()).isLessThan(0.3).isLessThan(hard.misses());
    assertThat(hard.missesAtOnePercent()).isLessThan(hard.levelMissesAtOnePercent());
    assertThat(easy.falseAlarms()).isLessThan(0.02);
    assertThat(easy.utterances()).isEqualTo(4);
    assertThat(easy.beginMedian()).isBetween(-50.0, 100.0);
    assertThat(easy.curve())
        .isSortedAccordingTo((p, q) -> Double.compare(q.falseAlarms(), p.falseAlarms()));
    assertThat(TextTable.piped(report.rows())).contains("| white noise | 20 | ");
    assertThat(report.json()).contains("\"misses_at_one_percent\"");
    Path png = folder.resolve("curve.png");
    DetectionCurve.write(png, report);
    assertThat(ImageIO.read(png.toFile()).getHeight()).isEqualTo(800);
    assertThat(run(List.of(Background.WHITE), List.of(20.0, 0.0), heard)).isEqualTo(report);
  }

  private static VoiceReport run(
      List<Background> backgrounds, List<Double> snrs, List<Integer> heard) {
    return VoiceEvaluation.run(
        CLIPS,
        new VoiceEvaluation.Options(EndPointing.usual(), backgrounds, snrs, 1),
        (done, _) -> heard.add(done));
  }

  @ParameterizedTest
  @EnumSource(Background.class)
  void everyNoiseHasItsPower(Background background) {
    List<float[]> others = CLIPS.stream().map(clip -> clip.read().samples()).toList();
    float[] noise = background.make(32_000, 16_000, others, new SplittableRandom(2));
    double sum = 0;
    for (float sample : noise) {
      sum += (double) sample * sample;
    }
    assertThat(sum / noise.length).isBetween(0.999, 1.001);
  }

  @Test
  void theCurveIsThatOfCounting() {
    ErrorCurve curve = new ErrorCurve();
    SplittableRandom random = new SplittableRandom(3);
    List<Double> speech = new ArrayList<>();
    List<Double> noise = new ArrayList<>();
    for (int i = 0; i < 9001; i++) {
      boolean isSpeech = random.nextInt(3) == 0;
      double score = Math.rint(8 * (random.nextGaussian() + (isSpeech ? 1 : 0)));
      (isSpeech ? speech : noise).add(score);
      curve.add(isSpeech, score);
    }
    for (double threshold : new double[] {-30, -3, 0, 0.5, 9, 60}) {
      ErrorCurve.Point point = curve.at(threshold);
      assertThat(point.misses())
          .isEqualTo(speech.stream().filter(s -> s <= threshold).count() / (double) speech.size());
      assertThat(point.falseAlarms())
          .isCloseTo(
              noise.stream().filter(s -> s > threshold).count() / (double) noise.size(),
              within(1e-12));
    }
    ErrorCurve.Point strict = curve.withFalseAlarms(0.01);
    assertThat(strict.falseAlarms()).isLessThanOrEqualTo(0.01);
    assertThat(curve.at(strict.threshold() - 1).falseAlarms()).isGreaterThan(0.01);
  }

  @Test
  void loudFramesAreSpeechAndQuietOnesFarFromThemSilence() {
    float[] sound = new float[160 * 100];
    Arrays.fill(sound, 160 * 40, 160 * 60, 0.5f);
    Arrays.fill(sound, 160 * 60, 160 * 70, 0.5f * 0.03f); // 30 dB below: neither
    SpeechFrames frames = SpeechFrames.of(sound, 160);
    List<SpeechFrames.Kind> kinds = Arrays.asList(frames.frames());
    assertThat(kinds.subList(0, 35)).containsOnly(SpeechFrames.Kind.SILENCE);
    assertThat(kinds.subList(40, 61)).containsOnly(SpeechFrames.Kind.SPEECH);
    assertThat(kinds.subList(61, 75)).containsOnly(SpeechFrames.Kind.UNSURE);
    assertThat(kinds.subList(76, 100)).containsOnly(SpeechFrames.Kind.SILENCE);
    assertThat(Collections.frequency(kinds, SpeechFrames.Kind.SPEECH)).isEqualTo(21);
  }

  @Test
  void whatCannotBeTriedIsRefused() {
    assertThatThrownBy(() -> run(List.of(), List.of(0.0), new ArrayList<>()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("expected at least one kind of noise");
    VoiceEvaluation.Options options =
        new VoiceEvaluation.Options(EndPointing.usual(), List.of(Background.HUM), List.of(0.0), 1);
    assertThatThrownBy(() -> VoiceEvaluation.run(CLIPS.subList(0, 1), options, (_, _) -> {}))
        .hasMessage("voice trials: expected at least 2 recordings, found 1; give more");
    assertThatThrownBy(() -> Datasets.sounds(folder))
        .hasMessage(folder + ": expected 1 to 1000000 recordings, found 0");
  }
}
