package dev.spectron.cli;

import dev.spectron.core.error.SpokenLmException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.RecogniserChoice;
import dev.spectron.training.eval.suite.Fingerprint;
import dev.spectron.training.eval.suite.Suite;
import dev.spectron.training.eval.suite.SuitePlan;
import dev.spectron.training.eval.suite.Suites;
import dev.spectron.training.speaker.SpeakerEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which suites of an evaluation run, and where what they find goes. */
final class SuiteChoice {
  @Option(
      names = "--suite",
      paramLabel = "NAMES",
      completionCandidates = Names.class,
      description = "What to measure, several with commas between: ${COMPLETION-CANDIDATES}.")
  private String names;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "With --suite or --set: folder of the reports, and of answers that a run which was cut off"
              + " goes on from.")
  private Path out;

  @Option(
      names = "--recogniser",
      paramLabel = "NAME",
      description = "With --suite: who listens, pocketsphinx or sphinx4; default pocketsphinx.")
  private RecogniserChoice recogniser;

  @Option(
      names = "--speaker-encoder",
      paramLabel = "DIR",
      description = "With --suite: encoder that knows voices; default: the embedded one.")
  private Path speakerEncoder;

  /** What the help lists. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(Stream.of(Suites.ALL), Suites.names().stream()).iterator();
    }
  }

  boolean given() {
    return names != null;
  }

  /** Whether the options fit each other. */
  void check(boolean set, boolean robustness) {
    if (set && given()) {
      throw new UsageException("eval: --suite: expected with --corpus, found with --set");
    }
    if (!given() && (recogniser != null || speakerEncoder != null)) {
      throw new UsageException(
          "eval: --recogniser and --speaker-encoder: expected with --suite, found without it");
    }
    if (!given() && !set && out != null) {
      throw new UsageException("eval: --out: expected with --suite or --set, found without them");
    }
    if (given() && robustness) {
      throw new UsageException(
          "eval: --robustness: expected without --suite, found with it; name the suite robustness");
    }
    if ((given() || set) && out == null) {
      throw new UsageException(
          "eval: %s: expected with --out, found without it".formatted(set ? "--set" : "--suite"));
    }
  }

  /** Folder of the reports. */
  Path out() {
    return out;
  }

  /** The encoder that the suites ask for voices; opened when one does. */
  LazySpeaker speaker(String backend) {
    return new LazySpeaker(backend, speakerEncoder);
  }

  List<Suite> chosen(boolean judge, SpeakerEmbedder embedder) {
    try {
      return Suites.choose(Suites.all(embedder), names, judge);
    } catch (TrainingException e) {
      throw new UsageException("eval: " + e.getMessage());
    }
  }

  SuitePlan plan(List<Suite> suites, EvaluationOptions options, Fingerprint fingerprint) {
    RecogniserChoice listener = recogniser == null ? RecogniserChoice.POCKETSPHINX : recogniser;
    return new SuitePlan(suites, options, listener, out, fingerprint);
  }

  /** The page, which lies in the out folder, where the user wants it too. */
  void copyPage(Path html) {
    Path page = out.resolve("report.html");
    try {
      ReportFile.write(html, Files.readString(page));
    } catch (IOException e) {
      throw new SpokenLmException("%s: cannot be read (%s)".formatted(page, e), e);
    }
  }
}
