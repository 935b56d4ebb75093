package dev.spectron.training.eval.suite;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.speaker.SpeakerEmbedder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The suites there are, in the order of the report. */
public final class Suites {
  /** What stands for every suite that can be measured. */
  public static final String ALL = "all";

  private Suites() {}

  /**
   * Every suite.
   *
   * @param embedder knows voices
   */
  public static List<Suite> all(SpeakerEmbedder embedder) {
    return List.of(
        new QaSuite(),
        new TranscriptSuite(),
        new AgreementSuite(),
        new LengthSuite(),
        new PerplexitySuite(),
        new NaturalnessSuite(),
        new ParaphrasesSuite(),
        new OutsideSuite(),
        new RobustnessSuite(),
        new RuntimeSuite(),
        new SpeakerSuite(embedder),
        new ContinuationSuite(embedder));
  }

  /** The names of all suites. */
  public static List<String> names() {
    return all(_ -> new float[0]).stream().map(Suite::name).toList();
  }

  /**
   * Some of the suites.
   *
   * @param suites to choose from
   * @param names {@link #ALL}, or names with commas between
   * @param judge whether there is a recogniser; without one {@link #ALL} leaves out what needs it
   * @throws TrainingException if there is no such suite, or it needs a recogniser
   */
  public static List<Suite> choose(List<Suite> suites, String names, boolean judge) {
    if (names.equals(ALL)) {
      return suites.stream().filter(suite -> judge || !suite.needsRecogniser()).toList();
    }
    List<Suite> chosen = new ArrayList<>();
    for (String name : new LinkedHashSet<>(List.of(names.split(",", -1)))) {
      Suite suite = find(suites, name);
      if (suite.needsRecogniser() && !judge) {
        throw new TrainingException(
            "suite " + name + ": expected a recogniser, found --no-judge; leave one of them out");
      }
      chosen.add(suite);
    }
    return chosen;
  }

  private static Suite find(List<Suite> suites, String name) {
    return suites.stream()
        .filter(suite -> suite.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TrainingException(
                    "suite: expected %s or some of %s with commas between, found \"%s\""
                        .formatted(
                            ALL,
                            String.join(", ", suites.stream().map(Suite::name).toList()),
                            name)));
  }
}
