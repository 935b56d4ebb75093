package dev.spectron.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.tensor.DType;
import dev.spectron.training.TrainingRecipe.LossWeights;
import dev.spectron.training.TrainingRecipe.Stage;
import dev.spectron.training.TrainingRecipe.Task;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.data.AugmentConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    run(5, 1e-3).run(corpus);
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L, 5L);
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
          assertThat(values(after, name)).as(name).containsExactly(values(before, name));
        }
      }
    }
  }

  @Test
  void aModelOfOtherWordsIsRefused() throws IOException {
    run(1, 1e-3).run(corpus);
    Path model = export();
    Path tokenizer = model.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("paris", "parys"));
    TrainingRun from = new TrainingRun(recipe(1, 1e-3), folder.resolve("tuned"), listener());
    assertThatThrownBy(() -> from.runFrom(corpus, model))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("tokenizer.json: expected the ")
        .hasMessageEndingWith("start from a model of this domain, or without --from");
  }

  private Path export() {
    Path model = folder.resolve("model");
    BundleExport.write(folder.resolve("run"), model, "tones", DType.F32, Map.of());
    return model;
  }

  private static Checkpoint newest(Path run) {
    return Checkpoint.open(Checkpoint.latest(run).orElseThrow());
  }

  private static float[] values(Checkpoint checkpoint, String name) {
    return checkpoint.stored(name, name, DType.F32).values().get();
  }

  private TrainingRun run(int steps, double rate) {
    return new TrainingRun(recipe(steps, rate), folder.resolve("run"), listener());
  }

  private static TrainingRecipe recipe(int steps, double rate) {
    return new TrainingRecipe(
        "toy",
        5,
        false,
        1,
        new LossWeights(0.1, 3, 0.1, 5, 0.02, 0),
        AugmentConfig.none(),
        List.of(new Stage(Task.TEXT, steps, 4, 1, rate, 0, 1, 0)),
        0,
        1,
        600,
        2);
  }

  private TrainingRun.Listener listener() {
    return new TrainingRun.Listener() {
      @Override
      public void stepped(Trainer.Progress progress, long stepsInAll, Trainer.StepReport report) {
        steps.add(progress.total());
      }

      @Override
      public void saved(Trainer.Progress progress, Development development, LossHistory history) {}
    };
  }
}
