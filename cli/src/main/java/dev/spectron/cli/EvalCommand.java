package dev.spectron.cli;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.dataset.Datasets;
import dev.spectron.training.dataset.Recording;
import dev.spectron.training.eval.EvaluatedModel;
import dev.spectron.training.eval.Evaluation;
import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.EvaluationOptions.VoiceChoice;
import dev.spectron.training.eval.EvaluationReport;
import dev.spectron.training.eval.HeardExamples;
import dev.spectron.training.eval.HtmlReport;
import dev.spectron.training.eval.Robustness;
import dev.spectron.training.eval.suite.Fingerprint;
import dev.spectron.training.eval.suite.QuestionKind;
import dev.spectron.training.eval.suite.SetEvaluation;
import dev.spectron.training.eval.suite.SetReport;
import dev.spectron.training.eval.suite.Suite;
import dev.spectron.training.eval.suite.SuiteEvaluation;
import dev.spectron.training.eval.suite.SuiteReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron eval}: measures a model on the development set. */
@Command(
    name = "eval",
    description = {
      "Measure a model on questions and voices that training never had, or on recordings of others.",
      "",
      "Transcripts, answers in words, and spoken answers as pocketsphinx understands them, beside"
          + " what simpler means reach on the same questions. Of recordings of others, transcripts and"
          + " answers in words alone: an answer is right if it holds a right one.",
      ""
    },
    footer = {
      "  spectron eval --corpus corpus",
      "  spectron eval --corpus corpus --items 600 --html report.html",
      "  spectron eval --corpus corpus --model my-model --no-judge",
      "  spectron eval --corpus corpus --robustness --items 100",
      "  spectron eval --corpus corpus --suite all --out evaluation",
      "  spectron eval --corpus corpus --suite qa,transcript,outside --out evaluation",
      "  spectron eval --corpus parts --suite continuation --out continued",
      "  spectron eval --set llama-questions --out answered",
      "  spectron eval --set LibriSpeech/test-clean --kind librispeech --items 100 --out read"
    })
final class EvalCommand implements Callable<Integer> {
  private final Console console;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "What kind of set: jsonl, lhotse, llama_questions or librispeech; default: by the look"
              + " of it.")
  private Datasets.Kind kind;

  /** What to ask. */
  private static final class Source {
    @Option(
        names = "--corpus",
        required = true,
        paramLabel = "DIR",
        description = "Ask what spectron corpus rendered.")
    private Path corpus;

    @Option(
        names = "--set",
        required = true,
        paramLabel = "PATH",
        description = {
          "Ask recordings of others: a .jsonl manifest, Lhotse cuts, a folder of Llama Questions or",
          "of LibriSpeech."
        })
    private Path set;
  }

  @Option(
      names = "--items",
      paramLabel = "N",
      description = "Most questions; default 200. Of a set, the first ones.")
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
      names = "--robustness",
      description = {
        "Ask the undisturbed ones again with noise, in a room, over a telephone, quieter, louder,",
        "later, slower and quicker, and measure transcripts and answers in words."
      })
  private boolean robustness;

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

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page of its own with tables, bars and answers to listen to.")
  private Path html;

  @Mixin private SuiteChoice suites;

  @Mixin private ModelChoice model;

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    checkOptions();
    if (source.set != null) {
      return evaluateSet();
    }
    VoiceChoice voices = allVoices ? VoiceChoice.ALL : VoiceChoice.HELD_OUT;
    EvaluationOptions options = new EvaluationOptions(items, seed, voices, !withoutJudge, jobs);
    if (suites.given()) {
      return measureSuites(options);
    }
    if (robustness) {
      return measureRobustness(options);
    }
    HeardExamples examples = new HeardExamples();
    EvaluationReport found = evaluate(options, examples);
    console.line(found.text().stripTrailing());
    ReportFile.write(report, found.json());
    ReportFile.write(markdown, found.markdown());
    if (html != null) {
      ReportFile.write(html, HtmlReport.of(found, examples).html());
    }
    return 0;
  }

  /** An option that would change nothing is a mistake. */
  private void checkOptions() {
    if (source.set != null && (robustness || allVoices)) {
      throw new UsageException(
          "eval: --robustness and --all-voices: expected with --corpus, found with --set");
    }
    suites.check(source.set != null, robustness);
    if (source.set == null && kind != null) {
      throw new UsageException("eval: --kind: expected with --set, found with --corpus");
    }
    if (robustness && html != null) {
      throw new UsageException("eval: --html: expected without --robustness, found with it");
    }
  }

  private int evaluateSet() {
    List<Recording> all =
        Datasets.read(kind == null ? Datasets.kind(source.set) : kind, source.set);
    List<Recording> some = all.subList(0, Math.min(items, all.size()));
    try (SpokenLmBundle bundle = ModelChoice.open(model.model());
        Backend backend = Backends.open(model.backend());
        Progress progress = Progress.of("eval", console)) {
      String name = String.valueOf(source.set.toAbsolutePath().normalize().getFileName());
      Fingerprint fingerprint = Fingerprint.ofSet(bundle.fingerprint(), some, backend.name());
      EvaluatedModel evaluated = EvaluatedModel.of(bundle.load(backend), backend);
      SetReport found =
          SetEvaluation.run(evaluated, name, some, suites.out(), fingerprint, progress::at);
      console.line(found.text().stripTrailing());
      ReportFile.write(report, found.json());
      ReportFile.write(markdown, found.markdown());
      suites.copyPage(html);
    }
    return 0;
  }

  private int measureSuites(EvaluationOptions options) {
    try (LazySpeaker speaker = suites.speaker(model.backend())) {
      return measureSuites(options, suites.chosen(options.judge(), speaker));
    }
  }

  private int measureSuites(EvaluationOptions options, List<Suite> chosen) {
    boolean continues =
        chosen.stream().allMatch(suite -> suite.asks() == QuestionKind.CONTINUATION);
    SpectronOptions.Model named =
        continues ? model.orElse(new SpectronOptions.Model.EmbeddedContinuation()) : model.model();
    try (Corpus opened = Corpus.open(source.corpus);
        SpokenLmBundle bundle = ModelChoice.open(named);
        Backend backend = Backends.open(model.backend());
        Progress progress = Progress.of("eval", console)) {
      Fingerprint fingerprint =
          Fingerprint.of(bundle.fingerprint(), source.corpus, backend.name(), seed);
      EvaluatedModel evaluated = EvaluatedModel.of(bundle.load(backend), backend);
      SuiteReport found =
          SuiteEvaluation.run(
              evaluated, opened, suites.plan(chosen, options, fingerprint), progress::at);
      console.line(found.text().stripTrailing());
      ReportFile.write(report, found.json());
      ReportFile.write(markdown, found.markdown());
      suites.copyPage(html);
    }
    return 0;
  }

  private int measureRobustness(EvaluationOptions options) {
    try (Corpus opened = Corpus.open(source.corpus);
        SpokenLmBundle bundle = ModelChoice.open(model.model());
        Backend backend = Backends.open(model.backend());
        Progress progress = Progress.of("eval", console)) {
      Robustness found =
          Robustness.measure(bundle.load(backend), backend, opened, options, progress::at);
      console.line(found.markdown().stripTrailing());
      ReportFile.write(report, found.json());
      ReportFile.write(markdown, found.markdown());
    }
    return 0;
  }

  private EvaluationReport evaluate(EvaluationOptions options, HeardExamples examples) {
    try (Corpus opened = Corpus.open(source.corpus);
        SpokenLmBundle bundle = ModelChoice.open(model.model());
        Backend backend = Backends.open(model.backend());
        Progress progress = Progress.of("eval", console)) {
      return Evaluation.run(bundle.load(backend), backend, opened, options, progress::at, examples);
    }
  }
}
