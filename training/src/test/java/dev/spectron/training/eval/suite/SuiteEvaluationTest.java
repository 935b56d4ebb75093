package dev.spectron.training.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.eval.Disturbance;
import dev.spectron.training.eval.Evaluation;
import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.EvaluationOptions.VoiceChoice;
import dev.spectron.training.eval.Judge;
import dev.spectron.training.eval.Recogniser;
import dev.spectron.training.eval.RecogniserChoice;
import dev.spectron.training.eval.SpokenDomain;
import dev.spectron.training.speaker.SpeakerEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteEvaluationTest {
  private static final EvaluationOptions OPTIONS =
      new EvaluationOptions(100, 1, VoiceChoice.HELD_OUT, true, 1);
  private static final int DOMAIN = 8;
  private static final int UNDISTURBED = 7;
  private static final int OTHERS = 5;
  private static final int ALL_QUESTIONS =
      DOMAIN + OTHERS + UNDISTURBED * (Disturbance.values().length - 1);

  /** Without the runtime, which no two runs share. */
  private static final List<Suite> SUITES =
      Suites.all(SuiteEvaluationTest::voice).stream()
          .filter(suite -> !suite.name().equals("runtime"))
          .toList();

  /** Everybody has the same voice. */
  private static float[] voice(Waveform speech) {
    return new float[] {1, 0};
  }

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void writeCorpus() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  @Test
  void aModelThatKnowsEverythingIsPerfect() {
    SuiteReport report = run(KnowingModel.of(corpus), "out", SUITES);
    assertThat(figure(report, "qa", "answer text right").value()).isEqualTo(100);
    assertThat(figure(report, "qa", "spoken answer right").value()).isEqualTo(100);
    assertThat(figure(report, "qa", "baseline: cascade").value()).isEqualTo(100);
    assertThat(figure(report, "qa", "control: text is wrong").cell()).isEqualTo("-");
    assertThat(figure(report, "transcript", "transcript exact").cell())
        .isEqualTo("100.0 (68 to 100)");
    assertThat(figure(report, "transcript", "transcript, WER").cell()).isEqualTo("0.0 (0 to 0)");
    assertThat(figure(report, "agreement", "speech against own text, WER").value()).isZero();
    assertThat(figure(report, "length", "length over reference, mean"))
        .isEqualTo(new Figure(1, List.of(1.0, 1.0), DOMAIN, Figure.Unit.NUMBER));
    assertThat(find(report, "length").tables().getLast().rows().getLast().cells().getFirst().cell())
        .as("three are too few for a bootstrap")
        .isEqualTo("1.00");
    assertThat(figure(report, "perplexity", "speech, recognised").value()).isEqualTo(1);
    assertThat(figure(report, "naturalness", "model's speech").value()).isCloseTo(0, within(1e-9));
    assertThat(figure(report, "naturalness", "scale: half of the reference, other half").value())
        .isPositive();
    assertThat(figure(report, "paraphrases", "other words").count()).isEqualTo(2);
    assertThat(figure(report, "outside", "recall: outside, not known").cell())
        .isEqualTo("100.0 (44 to 100)");
    assertThat(figure(report, "outside", "lost: of the domain, not known").value()).isZero();
    assertThat(figure(report, "robustness", "none").value()).isEqualTo(100);
    assertThat(figure(report, "robustness", "noise at 20 dB").value()).isZero();
    assertThat(figure(report, "speaker", "answer, question").value()).isEqualTo(1);
    assertThat(SuiteReport.parse("report", report.json())).isEqualTo(report);
  }

  @Test
  void notKnowingWhatOneShouldIsLost() {
    SuiteReport report =
        run(
            new KnowingModel(corpus, Set.of("dev-000001", "dev-000005"), Integer.MAX_VALUE),
            "out",
            SUITES);
    assertThat(figure(report, "outside", "lost: of the domain, not known").value()).isEqualTo(25);
    assertThat(figure(report, "outside", "precision: not known, outside").value()).isEqualTo(60);
    assertThat(figure(report, "qa", "answer text right").value()).isEqualTo(75);
    assertThat(figure(report, "qa", "spoken answer right").value()).isEqualTo(100);
    assertThat(figure(report, "agreement", "speech is own text, exact").value()).isEqualTo(75);
    assertThat(find(report, "qa").examples()).containsExactlyInAnyOrder("dev-000001", "dev-000005");
  }

  @Test
  void suitesShareAnswersAndALaterRunFindsThem() {
    KnowingModel model = KnowingModel.of(corpus);
    run(model, "out", SUITES);
    assertThat(model.answered()).isEqualTo(ALL_QUESTIONS);
    SuiteReport again = run(model, "out", SUITES);
    assertThat(model.answered()).isEqualTo(ALL_QUESTIONS);
    assertThat(again).isEqualTo(run(KnowingModel.of(corpus), "other", SUITES));
  }

  @Test
  void aRunThatWasKilledAnywhereEndsInTheSameReport() throws IOException {
    SuiteReport whole = run(KnowingModel.of(corpus), "whole", SUITES);
    for (int last : new int[] {0, 1, DOMAIN, ALL_QUESTIONS - 1}) {
      String out = "killed-" + last;
      KnowingModel killed = new KnowingModel(corpus, Set.of(), last);
      assertThatThrownBy(() -> run(killed, out, SUITES)).hasMessage("the process was killed");
      KnowingModel again = KnowingModel.of(corpus);
      assertThat(run(again, out, SUITES)).isEqualTo(whole);
      assertThat(again.answered()).isEqualTo(ALL_QUESTIONS - last);
      assertThat(files(out)).isEqualTo(files("whole"));
    }
  }

  @Test
  void aFileThatWasCutOffIsGoneOnWith() throws IOException {
    SuiteReport whole = run(KnowingModel.of(corpus), "out", SUITES);
    for (String name : List.of("answers.jsonl", "heard.jsonl")) {
      Path file = folder.resolve("out").resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      KnowingModel again = KnowingModel.of(corpus);
      assertThat(run(again, "out", SUITES)).isEqualTo(whole);
      assertThat(again.answered() > 0).isEqualTo(name.equals("answers.jsonl"));
      assertThat(again.answered()).isLessThan(ALL_QUESTIONS);
    }
  }

  @Test
  void aSoundThatIsGoneIsMadeAgain() throws IOException {
    run(KnowingModel.of(corpus), "out", SUITES);
    Path speech = folder.resolve("out/speech/dev-000002.wav");
    byte[] before = Files.readAllBytes(speech);
    Files.delete(speech);
    KnowingModel again = KnowingModel.of(corpus);
    run(again, "out", SUITES);
    assertThat(again.answered()).isEqualTo(1);
    assertThat(Files.readAllBytes(speech)).isEqualTo(before);
  }

  @Test
  void whoListensMayFailAndIsAskedForTheRest() {
    Recogniser broken =
        _ -> {
          throw new TrainingException("judge: gone");
        };
    List<Suite> some = Suites.choose(SUITES, "agreement", true);
    assertThatThrownBy(() -> run(KnowingModel.of(corpus), "out", some, broken))
        .hasMessage("judge: gone");
    KnowingModel again = KnowingModel.of(corpus);
    run(again, "out", some);
    assertThat(again.answered()).isZero();
  }

  @Test
  void answersOfAnotherModelAreNotMixedIn() {
    run(KnowingModel.of(corpus), "out", Suites.choose(SUITES, "transcript", true));
    Path out = folder.resolve("out");
    Fingerprint other = new Fingerprint(1, "other 0123", "corpus", "none", 1);
    SuitePlan plan = new SuitePlan(SUITES, OPTIONS, RecogniserChoice.POCKETSPHINX, out, other);
    assertThatThrownBy(
            () ->
                SuiteEvaluation.run(
                    KnowingModel.of(corpus), corpus, plan, List.of(), Evaluation.Progress.silent()))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            out
                + ": expected answers of model other 0123, corpus corpus, back end none, seed 1,"
                + " format 1, found those of model knowing, corpus small, back end none, seed 1,"
                + " format 1; name another --out, or delete this one");
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> run(KnowingModel.of(corpus), "out", SUITES))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            out
                + ": expected a new folder or one of an evaluation, found letter.txt; name another"
                + " --out");
    assertThat(out.toFile().list()).containsExactly("letter.txt");
  }

  @Test
  void twoRunsDoNotWriteAtOnce() {
    Path out = folder.resolve("out");
    Fingerprint fingerprint = plan("out", SUITES).fingerprint();
    try (RunFolder _ = RunFolder.open(out, fingerprint)) {
      assertThatThrownBy(() -> RunFolder.open(out, fingerprint))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              out
                  + ": expected to write alone, found another run; wait for it or name another"
                  + " --out");
    }
    RunFolder.open(out, fingerprint).close();
  }

  @Test
  void theReportIsPageTablesAndData() throws IOException {
    SuiteReport report =
        run(KnowingModel.of(corpus), "out", Suites.all(SuiteEvaluationTest::voice));
    Path out = folder.resolve("out");
    assertThat(out.resolve("report.json")).hasContent(report.json());
    assertThat(out.resolve("report.md"))
        .content()
        .contains("## qa\n", "| answer text right | 100.0 (68 to 100) |", "## runtime\n");
    String html = Files.readString(out.resolve("report.html"));
    assertThat(html)
        .contains("<svg role=\"img\" aria-label=\"answer text right by category\"")
        .contains("<tr id=\"dev-000001\">", "data:audio/wav;base64,UklGR")
        .doesNotContain("http", "<script");
    assertThat(html.split("<audio", -1)).hasSize(1 + 2 * (DOMAIN + OTHERS));
    assertThat(html.split("<h2>", -1))
        .hasSize(1 + Suites.all(SuiteEvaluationTest::voice).size() + 1);
  }

  @Test
  void whatACorpusDoesNotHaveIsSaid() {
    try (Corpus plain = ToneCorpus.render(folder.resolve("tones"), 4)) {
      SuiteReport report =
          SuiteEvaluation.run(
              KnowingModel.of(plain),
              plain,
              plan("out", Suites.choose(SUITES, "outside,paraphrases", false)),
              List.of(),
              Evaluation.Progress.silent());
      assertThat(report.suites()).allSatisfy(one -> assertThat(one.tables()).isEmpty());
      assertThat(find(report, "outside").about())
          .endsWith(" Not measured: the corpus has no such questions.");
    }
  }

  @Test
  void aPerfectContinuationKeepsVoiceAndWords() {
    try (Corpus sentences = SmallCorpus.writeContinuations(folder.resolve("sentences"))) {
      SuiteReport report =
          SuiteEvaluation.run(
              KnowingModel.of(sentences),
              sentences,
              plan("continued", Suites.choose(Suites.all(voices(sentences)), "continuation", true)),
              List.of(new Judge(KnowingModel.recogniser(sentences), SpokenDomain.of(sentences))),
              Evaluation.Progress.silent());
      assertThat(figure(report, "continuation", "prompts").value()).isEqualTo(3);
      assertThat(figure(report, "continuation", "speech against own text, WER").value()).isZero();
      assertThat(figure(report, "continuation", "finite and longer than 0.2 s").value())
          .isEqualTo(100);
      assertThat(figure(report, "continuation", "similarity to the prompt").value()).isEqualTo(1);
      assertThat(figure(report, "continuation", "other speaker").value()).isZero();
      assertThat(figure(report, "continuation", "prompt's voice nearer than another, %").value())
          .isEqualTo(100);
      double copy = figure(report, "continuation", "log-mel distance to the prompt").value();
      assertThat(copy)
          .isPositive()
          .isEqualTo(figure(report, "continuation", "of the true continuation").value());
    }
  }

  @Test
  void tooLittleSpeechHasNoVoice() {
    try (Corpus sentences = SmallCorpus.writeContinuations(folder.resolve("sentences"))) {
      List<float[]> spoken = sentences.items().stream().map(sentences::answerSamples).toList();
      SpeakerEmbedder prompts =
          speech -> {
            if (spoken.stream().anyMatch(one -> Arrays.equals(one, speech.samples()))) {
              throw new AudioException("speech: expected more of it");
            }
            return voices(sentences).embed(speech);
          };
      SuiteReport report =
          SuiteEvaluation.run(
              KnowingModel.of(sentences),
              sentences,
              plan("mute", Suites.choose(Suites.all(prompts), "continuation", true)),
              List.of(),
              Evaluation.Progress.silent());
      assertThat(figure(report, "continuation", "similarity to the prompt").value()).isZero();
      assertThat(figure(report, "continuation", "prompt's voice nearer than another, %").value())
          .isZero();
    }
  }

  /** Tells the voices of a corpus apart by the samples of its clips. */
  private static SpeakerEmbedder voices(Corpus corpus) {
    return speech -> {
      float[] voice = new float[corpus.items().size()];
      for (int i = 0; i < voice.length; i++) {
        CorpusItem item = corpus.items().get(i);
        boolean its =
            Arrays.equals(speech.samples(), corpus.questionSamples(item))
                || Arrays.equals(speech.samples(), corpus.answerSamples(item));
        voice[i] = its ? 1 : 0;
      }
      return voice;
    };
  }

  @Test
  void withoutAListenerTheRestIsMeasured() {
    SuiteReport report =
        SuiteEvaluation.run(
            KnowingModel.of(corpus),
            corpus,
            plan("out", Suites.choose(SUITES, "all", false)),
            List.of(),
            Evaluation.Progress.silent());
    assertThat(report.suites())
        .extracting(Findings::suite)
        .contains("qa", "length")
        .doesNotContain("agreement", "perplexity");
    assertThat(report.text()).doesNotContain("ceiling: reference speech");
  }

  @Test
  void suitesAreChosenByName() {
    assertThat(Suites.choose(SUITES, "length,qa", true))
        .extracting(Suite::name)
        .containsExactly("length", "qa");
    assertThatThrownBy(
            () -> Suites.choose(Suites.all(SuiteEvaluationTest::voice), "qa,beauty", true))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "suite: expected all or some of qa, transcript, agreement, length, perplexity,"
                + " naturalness, paraphrases, outside, robustness, runtime, speaker, continuation with"
                + " commas between, found \"beauty\"");
    assertThatThrownBy(() -> Suites.choose(SUITES, "agreement", false))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "suite agreement: expected a recogniser, found --no-judge; leave one of them out");
  }

  private SuiteReport run(KnowingModel model, String out, List<Suite> suites) {
    return run(model, out, suites, KnowingModel.recogniser(corpus));
  }

  private SuiteReport run(
      KnowingModel model, String out, List<Suite> suites, Recogniser recogniser) {
    return SuiteEvaluation.run(
        model,
        corpus,
        plan(out, suites),
        List.of(new Judge(recogniser, SpokenDomain.of(corpus))),
        Evaluation.Progress.silent());
  }

  private SuitePlan plan(String out, List<Suite> suites) {
    Fingerprint fingerprint = new Fingerprint(1, "knowing", "small", "none", 1);
    return new SuitePlan(
        suites, OPTIONS, RecogniserChoice.POCKETSPHINX, folder.resolve(out), fingerprint);
  }

  private List<String> files(String out) throws IOException {
    return List.of(
        Files.readString(folder.resolve(out).resolve("report.json")),
        Files.readString(folder.resolve(out).resolve("report.html")));
  }

  private static Findings find(SuiteReport report, String suite) {
    return report.suites().stream()
        .filter(one -> one.suite().equals(suite))
        .findFirst()
        .orElseThrow();
  }

  private static Figure figure(SuiteReport report, String suite, String row) {
    return find(report, suite).tables().stream()
        .flatMap(table -> table.rows().stream())
        .filter(one -> one.name().equals(row))
        .findFirst()
        .orElseThrow()
        .cells()
        .getFirst();
  }
}
