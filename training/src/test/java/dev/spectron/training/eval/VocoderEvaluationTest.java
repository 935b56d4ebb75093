package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.eval.EvaluationOptions.VoiceChoice;
import dev.spectron.vocoder.SpeechStream;
import dev.spectron.vocoder.Vocoder;
import dev.spectron.vocoder.griffinlim.GriffinLimConfig;
import dev.spectron.vocoder.griffinlim.GriffinLimVocoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocoderEvaluationTest {
  private static final FeatureSpec SPEC =
      new FeatureSpec(16_000, 1024, 800, 200, 40, 20, 8000, 1e-3, Normalisation.none());

  @TempDir private Path folder;

  @Test
  void phaseRetrievalIsNearerToTheSpeechThanNoise() {
    VocoderReport report = compare();
    assertThat(report.vocoders())
        .extracting(VocoderReport.Column::name)
        .containsExactly("griffin-lim", "noise");
    List<Resynthesis> retrieved = report.vocoders().getFirst().clips();
    List<Resynthesis> noise = report.vocoders().getLast().clips();
    assertThat(retrieved).isNotEmpty().hasSameSizeAs(noise);
    for (int i = 0; i < noise.size(); i++) {
      assertThat(retrieved.get(i).clip()).isEqualTo(noise.get(i).clip());
      assertThat(retrieved.get(i).logMel()).isLessThan(0.5 * noise.get(i).logMel());
      assertThat(retrieved.get(i).cepstrum()).isLessThan(0.5 * noise.get(i).cepstrum());
      assertThat(retrieved.get(i).convergence()).isLessThan(noise.get(i).convergence());
      assertThat(retrieved.get(i).magnitude()).isLessThan(noise.get(i).magnitude());
      assertThat(retrieved.get(i).voicing()).isLessThan(noise.get(i).voicing());
      assertThat(retrieved.get(i).realTimeFactor()).isPositive();
    }
  }

  @Test
  void theReportIsATableWithAnIntervalInEveryCell() {
    VocoderReport report = compare();
    List<String> lines = report.markdown().lines().toList();
    assertThat(lines.getFirst())
        .isEqualTo("| mean (95 % bootstrap interval) | griffin-lim | noise |");
    assertThat(lines.get(2))
        .matches("\\| log-mel, L1, nats \\|( [0-9.]+ \\([0-9.]+ to [0-9.]+\\) \\|){2}");
    assertThat(lines).hasSize(2 + 7 + 2).noneMatch(line -> line.contains("word error"));
    assertThat(Json.parse("report", report.json(), VocoderReport.class)).isEqualTo(report);
  }

  @Test
  void everySoundIsHeardOnce() {
    Map<String, Integer> heard = new LinkedHashMap<>();
    VocoderReport report =
        compare(
            (index, name, sound) -> {
              assertThat(index).isEqualTo(heard.getOrDefault(name, 0));
              assertThat(sound.samples()).isNotEmpty();
              heard.merge(name, 1, Integer::sum);
            });
    int clips = report.vocoders().getFirst().clips().size();
    assertThat(heard).isEqualTo(Map.of("reference", clips, "griffin-lim", clips, "noise", clips));
  }

  private VocoderReport compare() {
    return compare(VocoderEvaluation.Sounds.none());
  }

  private VocoderReport compare(VocoderEvaluation.Sounds listener) {
    Map<String, Vocoder> vocoders = new LinkedHashMap<>();
    GriffinLimVocoder griffinLim = new GriffinLimVocoder(GriffinLimConfig.standard(), SPEC);
    vocoders.put("griffin-lim", (Whole) (_, logMel, _) -> griffinLim.synthesize(logMel));
    vocoders.put("noise", (Whole) VocoderEvaluationTest::noise);
    try (Corpus corpus = ToneCorpus.render(folder.resolve("corpus"), 10);
        Backend backend = new ReferenceBackend()) {
      return VocoderEvaluation.run(
          vocoders,
          SPEC,
          backend,
          corpus,
          new EvaluationOptions(20, 1, VoiceChoice.ALL, false, 1),
          Evaluation.Progress.silent(),
          listener);
    }
  }

  /** An evaluation hears whole utterances. */
  @FunctionalInterface
  private interface Whole extends Vocoder {
    @Override
    default SpeechStream stream(Backend backend, RandomGenerator random) {
      throw new IllegalStateException("expected whole utterances, found a stream");
    }
  }

  private static Waveform noise(Backend backend, LogMel logMel, RandomGenerator random) {
    float[] samples = new float[logMel.time() * SPEC.hopLength()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.05 * random.nextGaussian());
    }
    return new Waveform(samples, SPEC.sampleRate());
  }
}
