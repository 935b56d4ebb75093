package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.StageTimings;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.corpus.ToneCorpus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final EvaluationOptions ALL =
      new EvaluationOptions(1000, 1, EvaluationOptions.VoiceChoice.ALL, true, 1);

  @TempDir Path folder;

  private Corpus corpus;

  @BeforeEach
  void render() {
    corpus = ToneCorpus.render(folder.resolve("corpus"), 4);
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  @Test
  void aPerfectModelBeforeAPerfectJudgeIsPerfect() {
    EvaluationReport report =
        Evaluation.run(
            new Parrot(corpus),
            List.of(new Judge(perfect(), SpokenDomain.of(corpus))),
            corpus,
            ALL,
            Evaluation.Progress.silent(),
            new HeardExamples());
    int dev = corpus.items(Split.DEV).size();
    Share every = new Share(dev, dev);
    Figures all = report.all();
    assertThat(all.items()).isEqualTo(dev);
    assertThat(all.transcript()).isEqualTo(every);
    assertThat(all.answer()).isEqualTo(every);
    assertThat(all.sentence()).isEqualTo(every);
    assertThat(all.stopped()).isEqualTo(every);
    assertThat(all.lengthRatio().mean()).isEqualTo(1);
    assertThat(all.logMelDistance().mean()).isZero();
    SpokenFigures spoken = all.spoken().getFirst();
    assertThat(spoken.answer()).isEqualTo(every);
    assertThat(spoken.reference()).isEqualTo(every);
    assertThat(spoken.vocoded()).isEqualTo(every);
    assertThat(spoken.cascade()).isEqualTo(every);
    assertThat(report.groups()).hasSize(4);
    assertThat(report.groups().stream().mapToInt(group -> group.figures().items()).sum())
        .isEqualTo(dev);
    assertThat(EvaluationReport.parse("report", report.json())).isEqualTo(report);
  }

  @Test
  void trainingVoicesAreLeftOutUnlessWanted() {
    EvaluationReport report =
        Evaluation.run(
            new Parrot(corpus),
            List.of(),
            corpus,
            new EvaluationOptions(3, 1, EvaluationOptions.VoiceChoice.HELD_OUT, false, 1),
            Evaluation.Progress.silent(),
            new HeardExamples());
    assertThat(report.items()).hasSize(3).allMatch(EvaluatedItem::voiceHeldOut);
    assertThat(report.all().spoken()).isEmpty();
    assertThat(report.text()).doesNotContain("ceiling");
  }

  @Test
  void progressCountsEveryQuestion() {
    List<Integer> done = new ArrayList<>();
    EvaluationReport report =
        Evaluation.run(
            new Parrot(corpus),
            List.of(),
            corpus,
            ALL,
            (count, total) -> {
              assertThat(total).isEqualTo(corpus.items(Split.DEV).size());
              done.add(count);
            },
            new HeardExamples());
    assertThat(done).hasSize(report.items().size()).isSorted().startsWith(1);
  }

  @Test
  void theReportIsAPageToListenTo() {
    HeardExamples examples = new HeardExamples();
    EvaluationReport report =
        Evaluation.run(
            new Parrot(corpus), List.of(), corpus, ALL, Evaluation.Progress.silent(), examples);
    String html = HtmlReport.of(report, examples).html();
    assertThat(html.split("<audio", -1)).hasSize(1 + 2 * Math.min(24, report.items().size()));
    String question = report.items().getFirst().question();
    assertThat(html).contains("<td class=\"words\">" + question + " (");
    assertThat(html).doesNotContain("http").contains("data:audio/wav;base64,UklGR");
    assertThat(html.split("<rect", -1)).hasSize(1 + report.categories().size());
  }

  @Test
  void wrongAnswersAreHeardFirst() {
    HeardExamples examples = new HeardExamples();
    EvaluationReport report =
        Evaluation.run(
            new Parrot(corpus), List.of(), corpus, ALL, Evaluation.Progress.silent(), examples);
    List<EvaluatedItem> items = new ArrayList<>(report.items());
    EvaluatedItem wrong = answering(items.removeLast(), "<b>nonsense</b>");
    items.add(wrong);
    assertThat(examples.some(items, 2)).extracting(one -> one.item()).startsWith(wrong).hasSize(2);
    EvaluationReport changed = EvaluationReport.of("parrot", ALL, items);
    assertThat(HtmlReport.of(changed, examples).html())
        .contains("&lt;b&gt;nonsense&lt;/b&gt;")
        .doesNotContain("<b>");
  }

  private static EvaluatedItem answering(EvaluatedItem item, String text) {
    return new EvaluatedItem(
        item.id(),
        item.category(),
        item.heldOut(),
        item.voice(),
        item.voiceHeldOut(),
        item.question(),
        item.answer(),
        item.shortAnswer(),
        item.transcript(),
        text,
        item.stopped(),
        item.lengthRatio(),
        item.realTimeFactor(),
        item.logMelDistance(),
        item.mostFrequent(),
        item.heard());
  }

  @Test
  void aModelWithoutTrainingIsMeasuredLikeAnyOther() {
    try (Backend backend = Backends.open("reference");
        SpokenLmBundle bundle = SpokenLmBundle.random("toy", 1)) {
      AnswerLoop loop = bundle.load(backend);
      EvaluationReport report =
          Evaluation.run(
              loop,
              backend,
              corpus,
              new EvaluationOptions(2, 1, EvaluationOptions.VoiceChoice.ALL, false, 1),
              Evaluation.Progress.silent());
      assertThat(report.backend()).isEqualTo("reference");
      assertThat(report.items()).hasSize(2);
      assertThat(report.all().logMelDistance().low()).isPositive();
      assertThat(report.all().realTimeFactor().low()).isPositive();
    }
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThatThrownBy(
            () -> new EvaluationOptions(0, 1, EvaluationOptions.VoiceChoice.ALL, true, 1))
        .isInstanceOf(TrainingException.class)
        .hasMessage("evaluation: items: expected at least 1, found 0");
    assertThatThrownBy(
            () -> new EvaluationOptions(1, 1, EvaluationOptions.VoiceChoice.ALL, true, 0))
        .isInstanceOf(TrainingException.class)
        .hasMessage("evaluation: jobs: expected 1 to 256, found 0");
  }

  /** Knows every clip of the corpus by its samples. */
  private Recogniser perfect() {
    return clips ->
        clips.stream()
            .map(
                clip -> {
                  for (CorpusItem item : corpus.items()) {
                    if (Arrays.equals(clip.samples(), corpus.answerSamples(item))) {
                      return item.answer();
                    }
                    if (Arrays.equals(clip.samples(), corpus.questionSamples(item))) {
                      return item.question();
                    }
                  }
                  return "";
                })
            .toList();
  }

  /** Gives the right answer in the reference's own samples. */
  private static final class Parrot implements EvaluatedModel {
    private final Corpus corpus;

    Parrot(Corpus corpus) {
      this.corpus = corpus;
    }

    @Override
    public String backend() {
      return "parrot";
    }

    @Override
    public Answer answer(Waveform question) {
      CorpusItem item =
          corpus.items(Split.DEV).stream()
              .filter(one -> Arrays.equals(corpus.questionSamples(one), question.samples()))
              .findFirst()
              .orElseThrow();
      Waveform speech = new Waveform(corpus.answerSamples(item), Corpus.SAMPLE_RATE);
      return new Answer(
          item.question(),
          item.answer(),
          logMel(speech),
          speech,
          new StageTimings(1, 1, 1, 1, 1, 1),
          Answer.Ending.STOP);
    }

    /** All samples are one frame: the way back is exact. */
    @Override
    public LogMel logMel(Waveform speech) {
      float[] samples = speech.samples();
      return new LogMel(
          samples,
          new FeatureSpec(
              16_000, 1 << 16, 400, 200, samples.length, 20, 8000, 1e-3, Normalisation.none()));
    }

    @Override
    public Waveform synthesize(LogMel logMel) {
      return new Waveform(logMel.frames(), Corpus.SAMPLE_RATE);
    }

    @Override
    public double[] answerLosses(String question, String answer) {
      return new double[] {1};
    }
  }
}
