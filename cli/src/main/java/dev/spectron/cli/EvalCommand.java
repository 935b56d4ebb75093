package dev.spectron.cli;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.eval.Evaluation;
import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.EvaluationOptions.VoiceChoice;
import dev.spectron.training.eval.EvaluationReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron eval}: measures a model on the development set. */
@Command(
    name = "eval",
    description = {
      "Measure a model on questions and voices that training never had.",
      "",
      "Transcripts, answers in words, and spoken answers as pocketsphinx understands them, beside"
          + " what simpler means reach on the same questions.",
      ""
    },
    footer = {
      "  spectron eval --corpus corpus",
      "  spectron eval --corpus corpus --items 600 --report report.json --markdown report.md",
      "  spectron eval --corpus corpus --model my-model --no-judge"
    })
final class EvalCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "DIR",
      description = "What to ask; spectron corpus makes it.")
  private Path corpus;

  @Option(names = "--items", paramLabel = "N", description = "Most questions; default 200.")
  private int items = 200;

  @Option(names = "--seed", paramLabel = "N", description = "Decides which questions; default 1.")
  private long seed = 1;

  @Option(
      names = "--all-voices",
      description = "Ask in voices of training too, not only in held-out ones.")
  private boolean allVoices;

  @Option(names = "--no-judge", description = "Do not recognise the spoken answers.")
  private boolean withoutJudge;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Recognisers that run at once; default: one a processor.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write every count and every question as JSON.")
  private Path report;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the tables as Markdown.")
  private Path markdown;

  @Mixin private ModelChoice model;

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VoiceChoice voices = allVoices ? VoiceChoice.ALL : VoiceChoice.HELD_OUT;
    EvaluationReport found =
        evaluate(new EvaluationOptions(items, seed, voices, !withoutJudge, jobs));
    console.line(found.text().stripTrailing());
    ReportFile.write(report, found.json());
    ReportFile.write(markdown, found.markdown());
    return 0;
  }

  private EvaluationReport evaluate(EvaluationOptions options) {
    try (Corpus opened = Corpus.open(corpus);
        SpokenLmBundle bundle = ModelChoice.open(model.model());
        Backend backend = Backends.open(model.backend());
        Progress progress = Progress.of("eval", console)) {
      return Evaluation.run(bundle.load(backend), backend, opened, options, progress::at);
    }
  }
}
