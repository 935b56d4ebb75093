package dev.spectron.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import dev.spectron.lm.WordTokenizer;
import dev.spectron.training.TrainingRecipe.Stage;
import dev.spectron.training.TrainingRecipe.Task;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.launch.Heartbeat;
import dev.spectron.training.run.Checkpoint;
import dev.spectron.training.run.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  @TempDir private Path folder;
  private Path corpus;
  private final List<Long> steps = new ArrayList<>();

  @BeforeEach
  void render() {
    corpus = folder.resolve("corpus");
    ToneCorpus.render(corpus, 6).close();
  }

  @Test
  void startedAgainItGoesOnWhereItStopped() {
    run(3, 1e-3).run(corpus);
    Stage first = recipe(3, 1e-3).stages().getFirst();
    TrainingRecipe longer = ToyRecipe.of(first, new Stage(Task.SPEECH, 2, 4, 1, 1e-3, 0, 1, 0));
    new TrainingRun(longer, folder.resolve("run"), listener()).run(corpus);
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void aRunThatIsAskedToStopDoesSoWithACheckpointAndGoesOn() throws IOException {
    Path asked = folder.resolve("asked");
    Heartbeat.requestStop(asked);
    assertThat(new TrainingRun(recipe(3, 1e-3), asked, listener()).run(corpus)).isFalse();
    assertThat(Checkpoint.latest(asked)).contains(asked.resolve("checkpoint-00000001"));
    assertThat(Heartbeat.of(asked)).get().extracting(Heartbeat::steps).isEqualTo(1L);
    assertThat(new TrainingRun(recipe(3, 1e-3), asked, listener()).run(corpus)).isTrue();
    assertThat(run(3, 1e-3).run(corpus)).isTrue();
    String weights = "checkpoint-00000003/weights.safetensors";
    assertThat(Files.readAllBytes(asked.resolve(weights)))
        .isEqualTo(Files.readAllBytes(folder.resolve("run").resolve(weights)));
  }

  @Test
  void aRunStartsFromTheWeightsOfAModel() {
    run(3, 1e-3).run(corpus);
    Path model = export();
    Path tuned = folder.resolve("tuned");
    new TrainingRun(recipe(1, 1e-30), tuned, listener()).runFrom(corpus, model);
    try (Checkpoint before = newest(folder.resolve("run"));
        Checkpoint after = newest(tuned)) {
      assertThat(after.parameterNames()).hasSameElementsAs(before.parameterNames());
      for (String name : after.parameterNames()) {
        if (!name.startsWith(TrainingModel.CTC + ".")) {
          assertThat(after.values(name)).as(name).containsExactly(before.values(name));
        }
      }
    }
  }

  @Test
  void aRunStartsFromTheWeightsOfAnother() {
    run(3, 1e-3).run(corpus);
    Path next = folder.resolve("next");
    new TrainingRun(recipe(1, 1e-30), next, listener()).runAfter(corpus, folder.resolve("run"));
    try (Checkpoint before = newest(folder.resolve("run"));
        Checkpoint after = newest(next)) {
      assertThat(after.parameterNames()).hasSameElementsAs(before.parameterNames());
      for (String name : after.parameterNames()) {
        assertThat(after.values(name)).as(name).containsExactly(before.values(name));
      }
    }
  }

  @Test
  void onlyAPreNetOfAnotherSizeStartsAfresh() {
    run(3, 1e-3).run(corpus);
    Path next = folder.resolve("next");
    new TrainingRun(recipe(1, 1e-30).withPreNetBottleneck(48), next, listener())
        .runAfter(corpus, folder.resolve("run"));
    try (Checkpoint before = newest(folder.resolve("run"));
        Checkpoint after = newest(next)) {
      assertThat(before.shape("nets.pre_net.down.weight")).isEqualTo(Shape.of(16, 40));
      assertThat(after.shape("nets.pre_net.down.weight")).isEqualTo(Shape.of(48, 40));
      assertThat(after.shape("nets.pre_net.up.weight")).isEqualTo(Shape.of(48, 48));
      for (String name : after.parameterNames()) {
        if (!name.startsWith("nets.pre_net.")) {
          assertThat(after.values(name)).as(name).containsExactly(before.values(name));
        }
      }
    }
  }

  @Test
  void twoRunsGiveTheMeanOfTheirWeights() {
    run(1, 1e-3).run(corpus);
    Path other = folder.resolve("other");
    new TrainingRun(recipe(3, 1e-3), other, listener()).run(corpus);
    Path mean = folder.resolve("mean");
    BundleExport.write(List.of(folder.resolve("run"), other), mean, "mean", DType.F32, Map.of());
    try (Checkpoint a = newest(folder.resolve("run"));
        Checkpoint b = newest(other);
        ModelBundle bundle = ModelBundle.open(mean)) {
      String name = "layers.0.attention.query.weight";
      float[] first = a.values("lm." + name);
      float[] second = b.values("lm." + name);
      float[] found = bundle.tensors("lm").get(name).toFloats();
      assertThat(first).isNotEqualTo(second);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo((first[i] + second[i]) / 2, within(1e-7f));
      }
    }
  }

  @Test
  void runsOfOtherFeaturesHaveNoMean() {
    run(1, 1e-3).run(corpus);
    Path corpusOfTwo = folder.resolve("corpus-of-two");
    ToneCorpus.render(corpusOfTwo, 2).close();
    Path other = folder.resolve("other");
    new TrainingRun(recipe(1, 1e-3), other, listener()).run(corpusOfTwo);
    List<Path> runs = List.of(folder.resolve("run"), other);
    Path mean = folder.resolve("mean");
    assertThatThrownBy(() -> BundleExport.write(runs, mean, "mean", DType.F32, Map.of()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("expected sizes, features and words of " + runs.getFirst());
    assertThat(mean).doesNotExist();
  }

  @Test
  void aWordThatBothModelsHaveKeepsItsWeights() throws IOException {
    run(3, 1e-3).run(corpus);
    Path model = export();
    Path tokenizer = model.resolve("tokenizer.json");
    Files.writeString(
        tokenizer, Files.readString(tokenizer).replace("\u2581paris\"", "\u2581parys\""));
    Path tuned = folder.resolve("tuned");
    new TrainingRun(recipe(1, 1e-30), tuned, listener()).runFrom(corpus, model);
    List<String> words =
        WordTokenizer.tokens(
            "tokenizer.json", Files.readString(folder.resolve("run/tokenizer.json")));
    try (Checkpoint before = newest(folder.resolve("run"));
        Checkpoint after = newest(tuned)) {
      float[] old = before.values("lm.embedding.weight");
      float[] found = after.values("lm.embedding.weight");
      int channels = old.length / words.size();
      for (int id = 0; id < words.size(); id++) {
        float[] row = Arrays.copyOfRange(found, id * channels, (id + 1) * channels);
        float[] oldRow = Arrays.copyOfRange(old, id * channels, (id + 1) * channels);
        if (words.get(id).equals("\u2581paris")) {
          assertThat(row).isNotEqualTo(oldRow);
        } else {
          assertThat(row).as(words.get(id)).containsExactly(oldRow);
        }
      }
    }
  }

  @Test
  void aRunOfOtherWordsIsNotGoneOnWith() throws IOException {
    run(1, 1e-3).run(corpus);
    Path tokenizer = folder.resolve("run/tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("paris", "parys"));
    assertThatThrownBy(() -> run(2, 1e-3).run(corpus))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(tokenizer + ": expected the ")
        .hasMessageEndingWith("found others; export the run and start a new one --from the model");
  }

  private Path export() {
    Path model = folder.resolve("model");
    BundleExport.write(List.of(folder.resolve("run")), model, "tones", DType.F32, Map.of());
    return model;
  }

  private static Checkpoint newest(Path run) {
    return Checkpoint.open(Checkpoint.latest(run).orElseThrow());
  }

  private TrainingRun run(int steps, double rate) {
    return new TrainingRun(recipe(steps, rate), folder.resolve("run"), listener());
  }

  private static TrainingRecipe recipe(int steps, double rate) {
    return ToyRecipe.of(new Stage(Task.TEXT, steps, 4, 1, rate, 0, 1, 0));
  }

  private TrainingRun.Listener listener() {
    return new TrainingRun.Listener() {
      @Override
      public void stepped(Trainer.Progress progress, long stepsInAll, Trainer.StepReport report) {
        steps.add(progress.total());
      }

      @Override
      public void saved(
          Trainer.Progress progress, Development development, MetricsLog<Measurement> log) {}
    };
  }
}
