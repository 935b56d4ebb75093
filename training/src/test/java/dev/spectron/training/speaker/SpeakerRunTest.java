package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.plot.DetectionCurve;
import dev.spectron.training.plot.SpeakerPictures;
import dev.spectron.training.run.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeakerRunTest {
  @TempDir private Path folder;
  private Path corpus;
  private Path recordings;
  private Path run;
  private final List<Long> steps = new ArrayList<>();

  @BeforeEach
  void record() throws IOException {
    corpus = folder.resolve("corpus");
    run = folder.resolve("run");
    ToneCorpus.render(corpus, 6).close();
    recordings = ToyVoices.write(folder.resolve("set"), ToyVoices.clips(8, 5, 1));
  }

  @Test
  void startedAgainItGoesOnWhereItStopped() {
    train(2);
    train(5);
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L, 5L);
    MetricsLog<SpeakerMeasurement> log =
        MetricsLog.open(run.resolve("metrics.jsonl"), SpeakerMeasurement.class, 5);
    assertThat(log.entries()).extracting(SpeakerMeasurement::step).containsExactly(2L, 2L, 5L, 5L);
    assertThat(log.entries())
        .extracting(SpeakerMeasurement::set)
        .containsExactly("train", "development", "train", "development");
    assertThat(run)
        .isDirectoryContaining("glob:**/checkpoint-00000005")
        .isDirectoryContaining("glob:**/loss.png")
        .isDirectoryContaining("glob:**/encoder");
  }

  @Test
  void theEncoderItLeavesIsTheSameOnEveryBackEndAtEveryLevel() {
    train(3);
    Waveform speech = ToyVoices.speak(2, 1, 9);
    float[] quiet = speech.samples().clone();
    for (int i = 0; i < quiet.length; i++) {
      quiet[i] *= 0.01f;
    }
    try (Backend reference = new ReferenceBackend();
        Backend cpu = Backends.open("cpu")) {
      float[] expected = SpeakerModel.open(reference, run.resolve("encoder")).embed(speech);
      SpeakerModel model = SpeakerModel.open(cpu, run.resolve("encoder"));
      assertThat(model.embed(speech)).hasSize(8).containsExactly(expected, within(1e-4f));
      assertThat(model.embed(new Waveform(quiet, speech.sampleRate())))
          .containsExactly(expected, within(1e-3f));
      assertThat(model.similarity(speech, speech)).isCloseTo(1, within(1e-6));
      Waveform lasting = ToyVoices.speak(2, 45, 9);
      assertThat(SpeakerEmbedder.cosine(model.embed(lasting), model.embed(lasting)))
          .isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void itsEvaluationTellsHeldOutVoicesApart() {
    train(150);
    SpeakerEvaluation.Sets sets = new SpeakerEvaluation.Sets();
    sets.add("toys", recordings);
    try (Backend backend = Backends.open("cpu")) {
      SpeakerReport report =
          SpeakerEvaluation.run(
              sets,
              SpeakerModel.open(backend, run.resolve("encoder")),
              new SpeakerEvaluation.Options(5, 1),
              (done, total) -> assertThat(done).isLessThanOrEqualTo(total));
      assertThat(report.sets())
          .extracting(SpeakerSet::name)
          .containsExactly(
              "toys, speakers of the training, other clips", "toys, held-out speakers");
      SpeakerSet heldOut = report.sets().getLast();
      assertThat(heldOut.speakers()).isEqualTo(4);
      assertThat(heldOut.equalErrorRate().value()).isLessThan(0.35);
      assertThat(heldOut.sameScore()).isGreaterThan(heldOut.differentScore() + 0.2);
      DetectionCurve.write(folder.resolve("curve.png"), report);
      assertThat(folder.resolve("curve.png")).isNotEmptyFile();
    }
  }

  @Test
  void badInputIsNamed() throws IOException {
    Path recipe = Files.writeString(folder.resolve("recipe.json"), "{\"encoder\": 3}");
    assertThatThrownBy(() -> Json.read(recipe, SpeakerRecipe.class))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith("recipe.json: ");
    Path missing = folder.resolve("none.jsonl");
    assertThatThrownBy(
            () ->
                new SpeakerRun(ToyVoices.recipe(1), run, pictures()).run(corpus, List.of(missing)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("none.jsonl");
    Path nameless =
        Files.writeString(folder.resolve("set/nameless.jsonl"), "{\"audio\": \"toy-0-0.wav\"}\n");
    assertThatThrownBy(
            () ->
                new SpeakerRun(ToyVoices.recipe(1), run, pictures()).run(corpus, List.of(nameless)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "nameless.jsonl: line 1: speaker: expected the name of one, found none; add the key to"
                + " the manifest");
    try (Backend backend = new ReferenceBackend()) {
      assertThatThrownBy(() -> SpeakerModel.open(backend, run))
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("expected the folder of a model bundle, found nothing");
    }
  }

  private void train(long stepsInAll) {
    new SpeakerRun(ToyVoices.recipe(stepsInAll), run, pictures()).run(corpus, List.of(recordings));
  }

  private SpeakerRun.Listener pictures() {
    SpeakerPictures pictures = new SpeakerPictures(run);
    return new SpeakerRun.Listener() {
      @Override
      public void stepped(SpeakerState state, double loss, double accuracy) {
        steps.add(state.steps());
      }

      @Override
      public void saved(SpeakerState state, MetricsLog<SpeakerMeasurement> log) {
        pictures.saved(state, log);
      }
    };
  }
}
