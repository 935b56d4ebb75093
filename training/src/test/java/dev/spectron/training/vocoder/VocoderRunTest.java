package dev.spectron.training.vocoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.tensor.DType;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.SpokenLmConfig;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.plot.VocoderPictures;
import dev.spectron.training.run.MetricsLog;
import dev.spectron.vocoder.VocoderConfig;
import dev.spectron.vocoder.Vocoders;
import dev.spectron.vocoder.wavefit.WaveFitConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocoderRunTest {
  @TempDir private Path folder;
  private Path corpus;
  private Path run;
  private final List<Long> steps = new ArrayList<>();
  private final List<VocoderRun.Sample> heard = new ArrayList<>();

  @BeforeEach
  void render() {
    corpus = folder.resolve("corpus");
    run = folder.resolve("run");
    ToneCorpus.render(corpus, 6).close();
  }

  @Test
  void startedAgainItGoesOnWhereItStopped() {
    train(2);
    train(5);
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L, 5L);
    MetricsLog<VocoderMeasurement> log =
        MetricsLog.open(run.resolve("metrics.jsonl"), VocoderMeasurement.class, 5);
    assertThat(log.entries()).extracting(VocoderMeasurement::step).containsExactly(2L, 2L, 5L, 5L);
    assertThat(log.entries())
        .extracting(VocoderMeasurement::set)
        .containsExactly("train", "development", "train", "development");
  }

  @Test
  void everyCheckpointLeavesSomethingToLookAtAndToHear() {
    train(1);
    assertThat(run)
        .isDirectoryContaining("glob:**/checkpoint-00000001")
        .isDirectoryContaining("glob:**/metrics.jsonl")
        .isDirectoryContaining("glob:**/loss.png")
        .isDirectoryContaining("glob:**/spectrogram.png")
        .isDirectoryContaining("glob:**/sample-0.wav")
        .isDirectoryContaining("glob:**/sample-0-target.wav");
    assertThat(heard.getFirst().made().samples())
        .hasSameSizeAs(heard.getFirst().speech().samples());
  }

  @Test
  void aModelGetsTheTrainedVocoder() {
    train(2);
    Path model = model("toy", NamedConfigs.of("toy"));
    Path voiced = folder.resolve("voiced");
    VocoderExport.write(run, model, voiced, DType.F32);
    try (Backend backend = new ReferenceBackend();
        ModelBundle bundle = ModelBundle.open(voiced)) {
      VocoderConfig config = bundle.config("vocoder", VocoderConfig.class);
      assertThat(config.kind()).isEqualTo(VocoderConfig.Kind.WAVEFIT);
      WeightScope weights = WeightScope.of(backend, bundle.weights("vocoder"));
      LogMel logMel = heard.getLast().logMel();
      float[] made =
          Vocoders.load(config, logMel.spec(), weights)
              .synthesize(backend, logMel, new SplittableRandom(1))
              .samples();
      float[] trained = heard.getLast().made().samples();
      double error = 0;
      double energy = 0;
      for (int i = 0; i < made.length; i++) {
        error += Math.pow(made[i] - trained[i], 2);
        energy += Math.pow(trained[i], 2);
      }
      assertThat(Math.sqrt(error / energy)).isLessThan(1e-3);
      assertThat(bundle.card()).containsEntry("vocoder_training_steps", 2);
    }
  }

  @Test
  void aModelOfOtherFeaturesIsRefused() {
    train(1);
    Path model = model("mini", NamedConfigs.of("spectron-mini"));
    Path voiced = folder.resolve("voiced");
    assertThatThrownBy(() -> VocoderExport.write(run, model, voiced, DType.F32))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(run + ": expected a vocoder of the model's output features ")
        .hasMessageEndingWith("; train one on those");
    assertThat(voiced).doesNotExist();
  }

  @Test
  void theCommittedRecipeIsOfTheMiniVocoder() {
    VocoderRecipe recipe = Json.read(Path.of("recipes/wavefit-mini.json"), VocoderRecipe.class);
    assertThat(recipe.wavefit())
        .isEqualTo(WaveFitConfig.mini(NamedConfigs.of("spectron-mini").outputFeatures()));
  }

  private Path model(String name, SpokenLmConfig config) {
    Path model = folder.resolve(name);
    SpokenLmBundle.write(
        model,
        name,
        config,
        NamedConfigs.vocoder(name.equals("toy") ? "toy" : "spectron-mini"),
        Map.of(),
        "{}",
        Map.of("conformer", List.of(), "nets", List.of(), "lm", List.of()));
    return model;
  }

  private void train(long stepsInAll) {
    VocoderRecipe recipe = ToyVocoder.recipe(stepsInAll, 1);
    new VocoderRun(recipe, run, new Heard(new VocoderPictures(run))).run(corpus);
  }

  private final class Heard implements VocoderRun.Listener {
    private final VocoderPictures pictures;

    private Heard(VocoderPictures pictures) {
      this.pictures = pictures;
    }

    @Override
    public void stepped(VocoderState state, VocoderTrainer.StepReport report) {
      steps.add(state.steps());
    }

    @Override
    public void saved(
        VocoderState state, List<VocoderRun.Sample> samples, MetricsLog<VocoderMeasurement> log) {
      pictures.saved(state, samples, log);
      heard.addAll(samples);
    }
  }
}
