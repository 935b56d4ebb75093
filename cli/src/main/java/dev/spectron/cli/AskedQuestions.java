package dev.spectron.cli;

import dev.spectron.sdk.Speech;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.eval.DevelopmentSample;
import dev.spectron.training.eval.EvaluationOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which recordings a server is asked. */
final class AskedQuestions {
  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "WAV files, asked one after the other, and again if they are too few.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "Ask the development questions of a corpus in held-out voices instead.")
  private Path corpus;

  @Option(names = "--seed", paramLabel = "N", description = "Decides which questions; default 1.")
  private long seed = 1;

  long seed() {
    return seed;
  }

  /** So many recordings, each as often as it takes. */
  List<Speech> read(int count) {
    if (files.isEmpty() == (corpus == null)) {
      throw new UsageException(
          "questions: expected files or --corpus, found " + (corpus == null ? "neither" : "both"));
    }
    List<Speech> all =
        corpus == null ? files.stream().map(Speech::readWav).toList() : ofCorpus(count);
    return IntStream.range(0, count).mapToObj(i -> all.get(i % all.size())).toList();
  }

  private List<Speech> ofCorpus(int count) {
    try (Corpus opened = Corpus.open(corpus)) {
      EvaluationOptions options =
          new EvaluationOptions(count, seed, EvaluationOptions.VoiceChoice.HELD_OUT, false, 1);
      List<Speech> questions =
          DevelopmentSample.of(opened, options, item -> !item.fromOutside()).stream()
              .map(item -> Speech.of(opened.questionSamples(item), Corpus.SAMPLE_RATE))
              .toList();
      if (questions.isEmpty()) {
        throw new UsageException(
            corpus + ": expected development questions, found none; render a larger corpus");
      }
      return questions;
    }
  }
}
