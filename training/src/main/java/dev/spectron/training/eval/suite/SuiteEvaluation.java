package dev.spectron.training.eval.suite;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.EvaluatedModel;
import dev.spectron.training.eval.Evaluation;
import dev.spectron.training.eval.HtmlReport;
import dev.spectron.training.eval.Judge;
import dev.spectron.training.eval.Recogniser;
import dev.spectron.training.eval.SpokenDomain;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs suites over one model and one corpus, and writes {@code report.json}, {@code report.md} and
 * {@code report.html} into the out folder. The same plan gives the same report, timings apart,
 * whether or not it was cut off in between.
 */
public final class SuiteEvaluation {
  private static final int LEAST_RECORDINGS = 24;

  private SuiteEvaluation() {}

  /**
   * Measures.
   *
   * @param model answers greedily
   * @param corpus with development items
   * @throws TrainingException if there are none, the recogniser is not installed, or the out folder
   *     holds something else
   */
  public static SuiteReport run(
      EvaluatedModel model, Corpus corpus, SuitePlan plan, Evaluation.Progress progress) {
    if (!plan.options().judge()) {
      return run(model, corpus, plan, List.of(), progress);
    }
    SpokenDomain domain = SpokenDomain.of(corpus);
    try (Recogniser recogniser = plan.recogniser().open(domain, plan.options().jobs())) {
      return run(model, corpus, plan, List.of(new Judge(recogniser, domain)), progress);
    }
  }

  /** Measures with one judge or none. */
  static SuiteReport run(
      EvaluatedModel model,
      Corpus corpus,
      SuitePlan plan,
      List<Judge> judge,
      Evaluation.Progress progress) {
    try (RunFolder folder = RunFolder.open(plan.out(), plan.fingerprint())) {
      List<SuiteRun.Listener> listener =
          judge.stream().map(one -> new SuiteRun.Listener(plan.recogniser().label(), one)).toList();
      SuiteRun run = new SuiteRun(model, corpus, plan.options(), listener, folder, progress);
      if (corpus.items(Split.DEV).isEmpty()) {
        throw new TrainingException(
            "evaluation: expected development questions in the corpus, found none; render a larger"
                + " corpus");
      }
      List<Findings> findings = new ArrayList<>();
      for (Suite suite : plan.suites()) {
        findings.add(
            run.questions(suite.asks()).isEmpty()
                ? Findings.none(suite, "the corpus has no such questions")
                : suite.measure(run));
      }
      SuiteReport report = SuiteReport.of(plan, findings, run.seen());
      ReportFiles.write(
          plan.out(),
          report.json(),
          report.markdown(),
          report.page(recordings(corpus, run, findings)).html());
      return report;
    }
  }

  /** Questions and answers that the suites point to. */
  private static List<HtmlReport.Recorded> recordings(
      Corpus corpus, SuiteRun run, List<Findings> findings) {
    Set<String> ids = new LinkedHashSet<>();
    findings.forEach(one -> ids.addAll(one.examples()));
    for (EvaluatedItem item : run.seen()) {
      if (ids.size() < LEAST_RECORDINGS) {
        ids.add(item.id());
      }
    }
    Map<String, EvaluatedItem> items =
        run.seen().stream().collect(Collectors.toMap(EvaluatedItem::id, Function.identity()));
    return ids.stream().map(id -> recorded(run, find(corpus, id), items.get(id))).toList();
  }

  private static HtmlReport.Recorded recorded(
      SuiteRun run, CorpusItem question, EvaluatedItem item) {
    return HtmlReport.Recorded.of(item, run.question(question), run.speech(question));
  }

  private static CorpusItem find(Corpus corpus, String id) {
    return corpus.items().stream().filter(item -> item.id().equals(id)).findFirst().orElseThrow();
  }
}
