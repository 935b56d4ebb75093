package dev.spectron.training.eval.suite;

import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.eval.DevelopmentSample;
import dev.spectron.training.eval.Disturbance;
import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.EvaluatedModel;
import dev.spectron.training.eval.Evaluation;
import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.Heard;
import dev.spectron.training.eval.Judge;
import dev.spectron.training.eval.MostFrequentAnswer;
import dev.spectron.training.eval.TimeWarping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What suites share: questions, the model's answers and what was heard in them, each found in the
 * out folder or made and stored there. Used by one thread.
 */
public final class SuiteRun {
  /** Sound of so many questions is in memory at a time. */
  private static final int PORTION = 48;

  private final EvaluatedModel model;
  private final Corpus corpus;
  private final EvaluationOptions options;
  private final List<Listener> listener;
  private final RunFolder folder;
  private final Evaluation.Progress progress;
  private final MostFrequentAnswer mostFrequent;
  private final Map<String, EvaluatedItem> seen = new LinkedHashMap<>();
  private int planned;
  private int done;

  /**
   * Who listens.
   *
   * @param name in what is stored
   */
  record Listener(String name, Judge judge) {}

  SuiteRun(
      EvaluatedModel model,
      Corpus corpus,
      EvaluationOptions options,
      List<Listener> listener,
      RunFolder folder,
      Evaluation.Progress progress) {
    this.model = model;
    this.corpus = corpus;
    this.options = options;
    this.listener = List.copyOf(listener);
    this.folder = folder;
    this.progress = progress;
    this.mostFrequent = MostFrequentAnswer.of(corpus.items());
  }

  /** What is evaluated. */
  public EvaluatedModel model() {
    return model;
  }

  /** Whether a recogniser listens. */
  public boolean judged() {
    return !listener.isEmpty();
  }

  /**
   * The questions of a kind, drawn by the options; none where the corpus has none. What is to be
   * continued comes in all voices: to keep a voice of training is the task.
   */
  public List<CorpusItem> questions(QuestionKind kind) {
    EvaluationOptions drawn =
        kind == QuestionKind.CONTINUATION
            ? options.with(EvaluationOptions.VoiceChoice.ALL)
            : options;
    return DevelopmentSample.of(corpus, drawn, item -> QuestionKind.of(item) == kind);
  }

  /** Answers to the questions of a kind; nobody listens. */
  public List<EvaluatedItem> items(QuestionKind kind) {
    return items(questions(kind), Disturbance.CLEAN);
  }

  /** Answers to some questions under a disturbance. */
  public List<EvaluatedItem> items(List<CorpusItem> questions, Disturbance disturbance) {
    answer(questions, disturbance);
    List<EvaluatedItem> items = new ArrayList<>(questions.size());
    for (CorpusItem question : questions) {
      StoredAnswer answer = folder.answer(question.id(), disturbance).getFirst();
      EvaluatedItem item = evaluated(question, answer, List.of());
      items.add(item);
      if (disturbance == Disturbance.CLEAN) {
        seen.putIfAbsent(item.id(), item);
      }
    }
    return items;
  }

  /** Answers to the questions of a kind with what was heard in them, if anybody listens. */
  public List<EvaluatedItem> heard(QuestionKind kind) {
    if (listener.isEmpty()) {
      return items(kind);
    }
    List<CorpusItem> questions = questions(kind);
    answer(questions, Disturbance.CLEAN);
    listen(questions, listener.getFirst());
    List<EvaluatedItem> items = new ArrayList<>(questions.size());
    for (CorpusItem question : questions) {
      StoredAnswer answer = folder.answer(question.id(), Disturbance.CLEAN).getFirst();
      List<Heard> heard = folder.heard(question.id(), listener.getFirst().name);
      EvaluatedItem item = evaluated(question, answer, heard);
      items.add(item);
      seen.put(item.id(), item);
    }
    return items;
  }

  /** The sound of a question. */
  public Waveform question(CorpusItem item) {
    return new Waveform(corpus.questionSamples(item), Corpus.SAMPLE_RATE);
  }

  /** The synthesizer's rendering of the right answer. */
  public Waveform reference(CorpusItem item) {
    return new Waveform(corpus.answerSamples(item), Corpus.SAMPLE_RATE);
  }

  /** That rendering through the model's log-mel spectrogram and vocoder. */
  public Waveform vocoded(CorpusItem item) {
    return model.synthesize(model.logMel(reference(item)));
  }

  /** What the model said to a question that it has been asked. */
  public Waveform speech(CorpusItem item) {
    return folder.speech(item.id());
  }

  /** What the model made of the questions of a kind, with its timings. */
  List<StoredAnswer> answers(QuestionKind kind) {
    List<CorpusItem> questions = questions(kind);
    answer(questions, Disturbance.CLEAN);
    return questions.stream()
        .map(question -> folder.answer(question.id(), Disturbance.CLEAN).getFirst())
        .toList();
  }

  /** Every undisturbed question that was asked, heard where somebody listened. */
  List<EvaluatedItem> seen() {
    return List.copyOf(seen.values());
  }

  private void answer(List<CorpusItem> questions, Disturbance disturbance) {
    List<CorpusItem> due =
        questions.stream()
            .filter(question -> folder.answer(question.id(), disturbance).isEmpty())
            .toList();
    planned += due.size();
    for (CorpusItem question : due) {
      answer(question, disturbance);
      progress.evaluated(++done, planned);
    }
  }

  private void answer(CorpusItem question, Disturbance disturbance) {
    boolean clean = disturbance == Disturbance.CLEAN;
    Answer answer = model.answer(disturbance.apply(question(question), question.id().hashCode()));
    double distance = 0;
    if (clean) {
      LogMel reference = model.logMel(reference(question));
      distance = TimeWarping.distance(answer.logMel(), reference);
    }
    folder.add(StoredAnswer.of(question.id(), disturbance, answer, distance), answer.speech());
  }

  private void listen(List<CorpusItem> questions, Listener to) {
    List<CorpusItem> due =
        questions.stream()
            .filter(question -> folder.heard(question.id(), to.name).isEmpty())
            .toList();
    for (int from = 0; from < due.size(); from += PORTION) {
      List<CorpusItem> portion = due.subList(from, Math.min(due.size(), from + PORTION));
      List<Heard> heard = to.judge.hear(portion.stream().map(this::sounds).toList());
      for (int i = 0; i < portion.size(); i++) {
        folder.add(new StoredHeard(portion.get(i).id(), to.name, heard.get(i)));
      }
    }
  }

  private Judge.Sounds sounds(CorpusItem item) {
    return new Judge.Sounds(speech(item), reference(item), vocoded(item), question(item));
  }

  private EvaluatedItem evaluated(CorpusItem item, StoredAnswer answer, List<Heard> heard) {
    return EvaluatedItem.of(
        item,
        answer.transcript(),
        answer.text(),
        answer.ending() == Answer.Ending.STOP,
        answer.seconds() / reference(item).seconds(),
        answer.realTimeFactor(),
        answer.logMelDistance(),
        mostFrequent.to(item.category()),
        heard);
  }
}
