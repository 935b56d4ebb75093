package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.run.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeakerTrainerTest {
  @TempDir private Path folder;

  @Test
  void itLearnsToTellThreeVoicesApart() {
    SpeakerRecipe recipe = ToyVoices.recipe(120);
    SpeakerData data = new SpeakerData(recipe, ToyVoices.clips(3, 8, 1));
    try (SpeakerTrainer trainer = SpeakerTrainer.start(recipe, data)) {
      double before = lossOfOtherClips(recipe, trainer);
      steps(trainer, 120);
      assertThat(lossOfOtherClips(recipe, trainer)).as("from %s", before).isLessThan(before / 3);
    }
  }

  private static double lossOfOtherClips(SpeakerRecipe recipe, SpeakerTrainer trainer) {
    SpeakerData others = new SpeakerData(recipe, ToyVoices.clips(3, 6, 1000));
    SplittableRandom random = new SplittableRandom(4);
    return IntStream.range(0, 10)
        .mapToDouble(_ -> trainer.measure(others.batch(random)).loss())
        .average()
        .orElseThrow();
  }

  @Test
  void resumedRunGoesOnExactly() {
    SpeakerRecipe recipe = ToyVoices.recipe(8);
    SpeakerData data = new SpeakerData(recipe, ToyVoices.clips(3, 3, 1));
    List<SpeakerTrainer.StepReport> uninterrupted;
    try (SpeakerTrainer trainer = SpeakerTrainer.start(recipe, data)) {
      steps(trainer, 3);
      Checkpoint.write(folder, 3, trainer.state(), trainer.parameters(), trainer.moments());
      uninterrupted = steps(trainer, 5);
    }
    try (Checkpoint checkpoint = Checkpoint.open(Checkpoint.requireLatest(folder))) {
      SpeakerState state = checkpoint.state(SpeakerState.class);
      assertThat(state.recipe()).isEqualTo(recipe);
      try (SpeakerTrainer trainer =
          SpeakerTrainer.resume(recipe, data, state, checkpoint.weights(), checkpoint.moments())) {
        assertThat(steps(trainer, 5)).isEqualTo(uninterrupted);
        assertThat(trainer.isDone()).isTrue();
      }
      SpeakerRecipe other = ToyVoices.recipe(ToyVoices.config(8), 8);
      assertThatThrownBy(
              () ->
                  SpeakerTrainer.resume(
                      other, data, state, checkpoint.weights(), checkpoint.moments()))
          .isInstanceOf(TrainingException.class)
          .hasMessageStartingWith("recipe: encoder: expected that of the run, ")
          .hasMessageEndingWith("; use another folder for another encoder");
    }
  }

  @Test
  void aBatchIsAFunctionOfItsSeed() {
    SpeakerRecipe recipe = ToyVoices.recipe(1);
    SpeakerData data = new SpeakerData(recipe, ToyVoices.clips(3, 3, 1));
    SpeakerBatch one = data.batch(new SplittableRandom(4));
    assertThat(data.batch(new SplittableRandom(4)).frames()).isEqualTo(one.frames());
    assertThat(data.batch(new SplittableRandom(5)).frames()).isNotEqualTo(one.frames());
    assertThat(one.shape().size(0)).isEqualTo(12);
    assertThat(one.lengths().max()).isEqualTo(one.shape().size(1)).isBetween(20, 40);
  }

  @Test
  void thoseWhoMightBeTheSameAreNotToldApart() {
    SpeakerRecipe recipe = ToyVoices.recipe(1);
    SpeakerBatch batch =
        new SpeakerData(recipe, ToyVoices.clips(2, 2, 1)).batch(new SplittableRandom(4));
    int speakers = recipe.speakersPerBatch();
    int unclear = 0;
    for (int a = 0; a < speakers; a++) {
      assertThat(batch.unclear()[a * speakers + a]).isFalse();
      for (int b = 0; b < speakers; b++) {
        assertThat(batch.unclear()[a * speakers + b]).isEqualTo(batch.unclear()[b * speakers + a]);
        unclear += batch.unclear()[a * speakers + b] ? 1 : 0;
      }
    }
    // Six draws of two voices: at least three pairs are of one voice whatever was drawn.
    assertThat(unclear).isGreaterThanOrEqualTo(6);
  }

  @Test
  void whatCannotBeTrainedOnIsNamed() {
    SpeakerRecipe recipe = ToyVoices.recipe(1);
    assertThatThrownBy(() -> new SpeakerData(recipe, ToyVoices.clips(1, 3, 1)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "speaker data: expected at least two speakers, found 1; give --recordings with more");
    List<SpeakerClip> clips = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Waveform syllable = ToyVoices.speak(i, 0.1, 1);
      clips.add(new SpeakerClip("short-" + i, "toy-" + i, false, () -> syllable));
    }
    SpeakerData tooShort = new SpeakerData(recipe, clips);
    assertThatThrownBy(() -> tooShort.batch(new SplittableRandom(1)))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching("clip short-[01]: speaker: expected at least 0.3 s of speech, .*");
  }

  private static List<SpeakerTrainer.StepReport> steps(SpeakerTrainer trainer, int count) {
    List<SpeakerTrainer.StepReport> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      reports.add(trainer.step());
    }
    return reports;
  }
}
