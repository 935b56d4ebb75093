package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Renders a corpus folder for speech continuation with the installed speech engines. */
public final class ContinuationRenderer {
  private ContinuationRenderer() {}

  /**
   * Renders all utterances.
   *
   * @param out folder that must not exist yet; it appears whole at the end, or not at all
   * @throws TrainingException if the folder exists, an engine is missing, or an utterance fails,
   *     naming voice and text
   */
  public static void render(ContinuationRecipe recipe, Path out, CorpusRenderer.Progress progress) {
    render(recipe, out, progress, Synthesizer::new);
  }

  static void render(
      ContinuationRecipe recipe,
      Path out,
      CorpusRenderer.Progress progress,
      Function<Path, Speaker> speakers) {
    List<PlannedUtterance> utterances = ContinuationPlan.of(recipe);
    try (CorpusWriter writer = new CorpusWriter(out)) {
      try (RenderWorkers workers = new RenderWorkers(writer, speakers, recipe.jobs())) {
        workers.eachInOrder(
            utterances,
            PlannedUtterance::utterance,
            (shaper, utterance, spoken) -> shaper.question(spoken, utterance.variation()),
            (utterance, samples) -> writer.addUtterance(utterance, samples, recipe.promptSeconds()),
            count -> progress.rendered(count, utterances.size()));
      }
      writer.finish(summary(recipe));
    } catch (IOException e) {
      throw new TrainingException("corpus: " + out + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> summary(ContinuationRecipe recipe) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("name", Sentences.CATEGORY);
    summary.put("seed", recipe.seed());
    summary.put("train_renderings", recipe.renderings());
    summary.put("prompt_seconds", recipe.promptSeconds());
    return summary;
  }
}
