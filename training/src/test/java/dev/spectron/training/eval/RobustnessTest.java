package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.StageTimings;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Effects;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.eval.EvaluationOptions.VoiceChoice;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RobustnessTest {
  private static final int RATE = 16_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void everyDisturbanceIsTheSameForTheSameSeedAndStaysFinite(Disturbance disturbance) {
    float[] first = disturbance.apply(tone(), 3).samples();
    assertThat(disturbance.apply(tone(), 3).samples()).isEqualTo(first);
    for (float sample : first) {
      assertThat(sample).isFinite();
    }
    boolean changes = disturbance != Disturbance.CLEAN;
    assertThat(Arrays.equals(first, tone().samples())).isEqualTo(!changes);
  }

  @ParameterizedTest
  @CsvSource({"NOISE_20, 20", "NOISE_10, 10"})
  void noiseHasTheRatioOfItsName(Disturbance disturbance, double decibels) {
    float[] noise = disturbance.apply(tone(), 4).samples().clone();
    float[] speech = tone().samples();
    for (int i = 0; i < noise.length; i++) {
      noise[i] -= speech[i];
    }
    double ratio = 10 * Math.log10(Effects.power(speech) / Effects.power(noise));
    assertThat(ratio).isCloseTo(decibels, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({"SLOW, 1.3333", "QUICK, 0.7692", "LATE, 2", "LOUD, 1", "ROOM, 1"})
  void theDurationIsWhatTheNameSays(Disturbance disturbance, double seconds) {
    assertThat(disturbance.apply(tone(), 5).seconds()).isCloseTo(seconds, within(0.05));
  }

  @Test
  void aModelThatOnlyKnowsUndisturbedQuestionsFailsOnAllOthers() {
    try (Corpus corpus = ToneCorpus.render(folder.resolve("corpus"), 10)) {
      Robustness robustness =
          Robustness.measure(
              new Pedant(corpus),
              corpus,
              new EvaluationOptions(30, 1, VoiceChoice.ALL, false, 1),
              Evaluation.Progress.silent());
      assertThat(robustness.rows()).hasSize(Disturbance.values().length);
      assertThat(robustness.rows().getFirst().answer().value()).isEqualTo(1);
      assertThat(robustness.rows().subList(1, robustness.rows().size()))
          .allSatisfy(row -> assertThat(row.transcript().right()).isZero());
      assertThat(robustness.markdown().lines().toList())
          .hasSize(2 + Disturbance.values().length + 2)
          .element(3)
          .asString()
          .startsWith("| noise at 20 dB | 0.0 (0 to ")
          .endsWith(" | -100.0 |");
      assertThat(Json.parse("report", robustness.json(), Robustness.class)).isEqualTo(robustness);
    }
  }

  private static Waveform tone() {
    float[] samples = new float[RATE];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.4 * Math.sin(2 * Math.PI * 140 * i / RATE));
    }
    return new Waveform(samples, RATE);
  }

  /** Answers a question of the corpus if it is the very same sound. */
  private record Pedant(Corpus corpus) implements EvaluatedModel {
    @Override
    public String backend() {
      return "pedant";
    }

    @Override
    public Answer answer(Waveform question) {
      return corpus.items(Split.DEV).stream()
          .filter(item -> Arrays.equals(corpus.questionSamples(item), question.samples()))
          .findFirst()
          .map(this::answer)
          .orElseGet(() -> answer("what", "what"));
    }

    private Answer answer(CorpusItem item) {
      return answer(item.question(), item.answer());
    }

    private Answer answer(String transcript, String text) {
      return new Answer(
          transcript,
          text,
          new LogMel(new float[0], FeatureSpec.spectron()),
          new Waveform(new float[RATE], RATE),
          new StageTimings(1, 1, 1, 1, 1, 1),
          Answer.Ending.STOP);
    }

    @Override
    public LogMel logMel(Waveform speech) {
      throw new UnsupportedOperationException("nothing is spoken here");
    }

    @Override
    public Waveform synthesize(LogMel logMel) {
      throw new UnsupportedOperationException("nothing is spoken here");
    }

    @Override
    public double[] answerLosses(String question, String answer) {
      throw new UnsupportedOperationException("no text is scored here");
    }
  }
}
