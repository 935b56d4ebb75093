package dev.spectron.cli;

import dev.spectron.training.corpus.CorpusRecipe;
import dev.spectron.training.corpus.CorpusRenderer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spectron corpus}: renders the spoken questions and answers to train on. */
@Command(
    name = "corpus",
    description = {
      "Render a corpus of spoken questions and answers with the speech engines of this machine.",
      "",
      "Needs flite, espeak-ng, festival with the voice ked, and hts_engine with the voice slt; the"
          + " README has the line that installs them. The same size and seed give the same bytes.",
      ""
    },
    footer = {
      "  spectron corpus --out corpus",
      "  spectron corpus --out small-corpus --size smoke --seed 7 --jobs 2"
    })
final class CorpusCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make; it must not exist.")
  private Path out;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "smoke, some minutes and 300 questions, or default; ${DEFAULT-VALUE}.")
  private Size size = Size.DEFAULT;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of every draw; default 20.")
  private long seed = 20;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Engines that run at once; default: one a processor.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  /** How much to render. */
  enum Size {
    /** The corpus of the embedded model. */
    DEFAULT,
    /** Enough to see that everything works. */
    SMOKE
  }

  CorpusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CorpusRecipe recipe = recipe();
    try (Progress progress = Progress.of("corpus", console)) {
      CorpusRenderer.render(recipe, out, progress::at);
    }
    console.line("corpus of size %s in %s".formatted(recipe.name(), out));
    return 0;
  }

  private CorpusRecipe recipe() {
    try {
      return switch (size) {
        case DEFAULT -> CorpusRecipe.standard(seed, jobs);
        case SMOKE -> CorpusRecipe.smoke(seed, jobs);
      };
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
