package dev.spectron.training.vocoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.run.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocoderTrainerTest {
  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void render() {
    corpus = ToneCorpus.render(folder.resolve("corpus"), 2);
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  @Test
  void itLearnsToHumTheTonesItHears() {
    try (VocoderTrainer trainer = start(ToyVocoder.recipe(120, 1000))) {
      List<VocoderLosses> losses = losses(trainer, 120);
      double first = mean(losses.subList(0, 10));
      double last = mean(losses.subList(110, 120));
      assertThat(last).as("from %s", first).isLessThan(0.75 * first);
    }
  }

  @Test
  void theDiscriminatorLearnsToTellSpeechFromWhatIsMade() {
    // Against a vocoder that does not learn: else who wins is open.
    try (VocoderTrainer trainer = start(ToyVocoder.recipe(60, 0, 1e-30))) {
      List<VocoderLosses> losses = losses(trainer, 60);
      assertThat(losses.getFirst().discriminator()).isBetween(1.5, 2.5);
      double last =
          losses.subList(50, 60).stream()
              .mapToDouble(VocoderLosses::discriminator)
              .average()
              .orElseThrow();
      assertThat(last).isLessThan(1);
      assertThat(losses.getLast().featureMatching()).isPositive();
      assertThat(trainer.state().discriminatorSteps()).isEqualTo(60);
    }
  }

  @Test
  void theDiscriminatorRestsUntilItsFirstStep() {
    try (VocoderTrainer trainer = start(ToyVocoder.recipe(4, 2))) {
      float[] before = discriminatorWeight(trainer);
      losses(trainer, 2);
      assertThat(discriminatorWeight(trainer)).isEqualTo(before);
      assertThat(trainer.state().discriminatorSteps()).isZero();
      losses(trainer, 2);
      assertThat(discriminatorWeight(trainer)).isNotEqualTo(before);
      assertThat(trainer.state().discriminatorSteps()).isEqualTo(2);
    }
  }

  @Test
  void resumedRunGoesOnExactly() {
    VocoderRecipe recipe = ToyVocoder.recipe(10, 2);
    List<VocoderLosses> uninterrupted;
    try (VocoderTrainer trainer = start(recipe)) {
      losses(trainer, 4);
      Checkpoint.write(folder, 4, trainer.state(), trainer.parameters(), trainer.moments());
      uninterrupted = losses(trainer, 6);
    }
    try (Checkpoint checkpoint = Checkpoint.open(Checkpoint.requireLatest(folder))) {
      VocoderState state = checkpoint.state(VocoderState.class);
      assertThat(state.recipe()).isEqualTo(recipe);
      assertThat(state.wavefit().features().normalisation().mean()).hasSize(20);
      try (VocoderTrainer trainer =
          VocoderTrainer.resume(
              recipe, ToyVocoder.data(corpus), state, checkpoint.weights(), checkpoint.moments())) {
        assertThat(losses(trainer, 6)).isEqualTo(uninterrupted);
        assertThat(trainer.isDone()).isTrue();
      }
      VocoderRecipe other = ToyVocoder.ofIterations(1);
      VocoderData data = ToyVocoder.data(corpus);
      assertThatThrownBy(
              () ->
                  VocoderTrainer.resume(
                      other, data, state, checkpoint.weights(), checkpoint.moments()))
          .isInstanceOf(TrainingException.class)
          .hasMessageStartingWith("recipe: wavefit: expected that of the run, ")
          .hasMessageEndingWith("; use another folder for another vocoder");
    }
  }

  @Test
  void whatItMakesIsAsLongAsTheSpectrogramAndTheSameForTheSameSeed() {
    try (VocoderTrainer trainer = start(ToyVocoder.recipe(1, 0))) {
      VocoderData.Crop clip = ToyVocoder.data(corpus).clips(1).getFirst();
      Waveform made = trainer.synthesize(clip.logMel(), 5);
      assertThat(made.samples()).hasSameSizeAs(clip.samples());
      assertThat(trainer.synthesize(clip.logMel(), 5).samples()).isEqualTo(made.samples());
      assertThat(trainer.measure(clip.samples(), clip.samples()).total()).isZero();
      assertThat(trainer.measure(made.samples(), clip.samples()).total()).isPositive();
    }
  }

  private VocoderTrainer start(VocoderRecipe recipe) {
    return VocoderTrainer.start(recipe, ToyVocoder.data(corpus));
  }

  private static float[] discriminatorWeight(VocoderTrainer trainer) {
    return trainer.parameters().get("discriminator.scales.1.layers.2.weight").toFloatArray();
  }

  private static double mean(List<VocoderLosses> losses) {
    return losses.stream().mapToDouble(VocoderLosses::total).average().orElseThrow();
  }

  private static List<VocoderLosses> losses(VocoderTrainer trainer, int steps) {
    List<VocoderLosses> losses = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      losses.add(trainer.step().losses());
    }
    return losses;
  }
}
