package dev.spectron.training.eval;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a model questions of the development set and measures its answers: transcript, text, and
 * speech, the latter by a recogniser, beside two ceilings, two controls and two baselines on the
 * same questions. Greedy answers, so a report is reproduced up to its timings.
 */
public final class Evaluation {
  /** Sound of so many questions is in memory at a time. */
  private static final int PORTION = 48;

  private Evaluation() {}

  /** Told after every question. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called by the thread that evaluates.
     *
     * @param done questions answered so far
     * @param total questions to answer
     */
    void evaluated(int done, int total);

    /** Says nothing. */
    static Progress silent() {
      return (done, total) -> {};
    }
  }

  /**
   * Evaluates a model.
   *
   * @param loop answers; its vocoder makes one of the ceilings
   * @param backend holds the model's weights; used by this thread alone
   * @param corpus with development items
   * @throws TrainingException if the corpus has no development items, or the judge is wanted and
   *     not installed or fails
   */
  public static EvaluationReport run(
      AnswerLoop loop,
      Backend backend,
      Corpus corpus,
      EvaluationOptions options,
      Progress progress) {
    return run(loop, backend, corpus, options, progress, new HeardExamples());
  }

  /**
   * Evaluates a model and keeps sounds for a report to listen to.
   *
   * @param examples gets questions and answers
   */
  public static EvaluationReport run(
      AnswerLoop loop,
      Backend backend,
      Corpus corpus,
      EvaluationOptions options,
      Progress progress,
      HeardExamples examples) {
    EvaluatedModel model = EvaluatedModel.of(loop, backend);
    if (!options.judge()) {
      return run(model, List.of(), corpus, options, progress, examples);
    }
    SpokenDomain domain = SpokenDomain.of(corpus);
    TrigramModel language = TrigramModel.of(domain.sentences());
    try (PocketSphinx recogniser = new PocketSphinx(language, options.jobs())) {
      recogniser.requireInstalled();
      Judge judge = new Judge(recogniser, domain);
      return run(model, List.of(judge), corpus, options, progress, examples);
    }
  }

  /** Evaluates with one judge or none. */
  static EvaluationReport run(
      EvaluatedModel model,
      List<Judge> judge,
      Corpus corpus,
      EvaluationOptions options,
      Progress progress,
      HeardExamples examples) {
    List<CorpusItem> sample = DevelopmentSample.of(corpus, options);
    MostFrequentAnswer mostFrequent = MostFrequentAnswer.of(corpus.items());
    List<EvaluatedItem> items = new ArrayList<>(sample.size());
    for (int from = 0; from < sample.size(); from += PORTION) {
      List<Asked> portion = new ArrayList<>();
      for (CorpusItem item : sample.subList(from, Math.min(sample.size(), from + PORTION))) {
        Asked asked = ask(model, corpus, item);
        portion.add(asked);
        examples.keep(item.id(), sound(corpus.questionSamples(item)), asked.answer.speech());
        progress.evaluated(from + portion.size(), sample.size());
      }
      List<Heard> heard =
          judge.isEmpty() ? List.of() : judge.getFirst().hear(sounds(model, corpus, portion));
      for (int i = 0; i < portion.size(); i++) {
        Asked asked = portion.get(i);
        items.add(
            asked.evaluated(
                mostFrequent.to(asked.item.category()),
                heard.isEmpty() ? List.of() : List.of(heard.get(i))));
      }
    }
    return EvaluationReport.of(model.backend(), options, items);
  }

  private static Asked ask(EvaluatedModel model, Corpus corpus, CorpusItem item) {
    Answer answer = model.answer(sound(corpus.questionSamples(item)));
    Waveform reference = sound(corpus.answerSamples(item));
    return new Asked(item, answer, reference, model.logMel(reference));
  }

  private static List<Judge.Sounds> sounds(
      EvaluatedModel model, Corpus corpus, List<Asked> portion) {
    List<Judge.Sounds> sounds = new ArrayList<>(portion.size());
    for (Asked asked : portion) {
      sounds.add(
          new Judge.Sounds(
              asked.answer.speech(),
              asked.reference,
              model.synthesize(asked.referenceLogMel),
              sound(corpus.questionSamples(asked.item))));
    }
    return sounds;
  }

  private static Waveform sound(float[] samples) {
    return new Waveform(samples, Corpus.SAMPLE_RATE);
  }

  /** A question with the model's answer and the right one. */
  private record Asked(CorpusItem item, Answer answer, Waveform reference, LogMel referenceLogMel) {
    EvaluatedItem evaluated(String mostFrequent, List<Heard> heard) {
      double seconds = answer.speech().seconds();
      return EvaluatedItem.of(
          item,
          answer.transcript(),
          answer.text(),
          answer.ending() == Answer.Ending.STOP,
          seconds / reference.seconds(),
          seconds > 0 ? answer.timings().total() / 1000 / seconds : 0,
          TimeWarping.distance(answer.logMel(), referenceLogMel),
          mostFrequent,
          heard);
    }
  }
}
