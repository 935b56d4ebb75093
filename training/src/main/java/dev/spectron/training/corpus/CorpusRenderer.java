package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Renders a corpus folder from a recipe with the installed speech engines. Batches run on several
 * threads and are written in order, so that the bytes depend on the recipe alone.
 */
public final class CorpusRenderer {
  private CorpusRenderer() {}

  /** Told after every batch. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called by the thread that renders, after every batch.
     *
     * @param done clips rendered so far, answers and questions
     * @param total clips to render
     */
    void rendered(int done, int total);

    /** Says nothing. */
    static Progress silent() {
      return (done, total) -> {};
    }
  }

  /**
   * Renders all clips.
   *
   * @param out folder that must not exist yet; it appears whole at the end, or not at all
   * @throws TrainingException if the folder exists, an engine is missing, or a clip fails, naming
   *     voice and text
   */
  public static void render(CorpusRecipe recipe, Path out, Progress progress) {
    render(recipe, out, progress, Synthesizer::new);
  }

  /**
   * Renders with the speakers that {@code speakers} makes, one per job, each given a work folder of
   * its own.
   */
  static void render(
      CorpusRecipe recipe, Path out, Progress progress, Function<Path, Speaker> speakers) {
    List<PlannedClip> clips = CorpusPlan.of(recipe);
    try (CorpusWriter writer = new CorpusWriter(out)) {
      renderAll(recipe, clips, writer, progress, speakers);
      writer.finish(summary(recipe));
    } catch (IOException e) {
      throw new TrainingException("corpus: " + out + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> summary(CorpusRecipe recipe) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("name", recipe.name());
    summary.put("seed", recipe.seed());
    summary.put("train_renderings", recipe.trainRenderings());
    return summary;
  }

  private static void renderAll(
      CorpusRecipe recipe,
      List<PlannedClip> clips,
      CorpusWriter writer,
      Progress progress,
      Function<Path, Speaker> speakers)
      throws IOException {
    List<String> answers = clips.stream().map(clip -> clip.question().answer()).distinct().toList();
    int total = answers.size() + clips.size();
    try (RenderWorkers workers = new RenderWorkers(writer, speakers, recipe.jobs())) {
      workers.eachInOrder(
          answers,
          sentence -> Utterance.plain(Voices.ANSWER, sentence),
          (shaper, sentence, spoken) -> shaper.answer(spoken),
          (sentence, samples) -> writer.addAnswer(DomainText.normalise(sentence), samples),
          count -> progress.rendered(count, total));
      workers.eachInOrder(
          clips,
          PlannedClip::utterance,
          (shaper, clip, spoken) -> shaper.question(spoken, clip.variation()),
          writer::addQuestion,
          count -> progress.rendered(answers.size() + count, total));
    }
  }
}
