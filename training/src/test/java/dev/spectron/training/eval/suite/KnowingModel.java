package dev.spectron.training.eval.suite;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.StageTimings;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.eval.EvaluatedModel;
import dev.spectron.training.eval.Recogniser;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Answers the very questions of a corpus with the references' own sounds, some with the text of
 * others, and after some answers no more.
 */
final class KnowingModel implements EvaluatedModel {
  private final Corpus corpus;
  private final Set<String> wrong;
  private int left;
  private int answered;

  KnowingModel(Corpus corpus, Set<String> wrong, int left) {
    this.corpus = corpus;
    this.wrong = wrong;
    this.left = left;
  }

  static KnowingModel of(Corpus corpus) {
    return new KnowingModel(corpus, Set.of(), Integer.MAX_VALUE);
  }

  /** Questions it has been asked. */
  int answered() {
    return answered;
  }

  @Override
  public String backend() {
    return "none";
  }

  @Override
  public Answer answer(Waveform question) {
    if (left-- == 0) {
      throw new IllegalStateException("the process was killed");
    }
    answered++;
    Optional<CorpusItem> found =
        corpus.items(Split.DEV).stream()
            .filter(one -> Arrays.equals(corpus.questionSamples(one), question.samples()))
            .findFirst();
    if (found.isEmpty()) {
      return answer("what", "what", new Waveform(new float[160], Corpus.SAMPLE_RATE));
    }
    CorpusItem item = found.orElseThrow();
    Waveform speech = new Waveform(corpus.answerSamples(item), Corpus.SAMPLE_RATE);
    return answer(
        item.question(), wrong.contains(item.id()) ? "i don't know" : item.answer(), speech);
  }

  private Answer answer(String transcript, String text, Waveform speech) {
    StageTimings timings = new StageTimings(1, 2, 3, 4, 5, 6);
    return new Answer(transcript, text, logMel(speech), speech, timings, Answer.Ending.STOP);
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

  /** A nat a word and one for the end; two a word where they are in another order. */
  @Override
  public double[] answerLosses(String question, String answer) {
    double[] losses = new double[answer.isEmpty() ? 1 : answer.split(" ").length + 1];
    boolean right = corpus.items().stream().anyMatch(item -> item.answer().equals(answer));
    Arrays.fill(losses, right ? 1 : 2);
    return losses;
  }

  /** Knows every clip of a corpus by its samples. */
  static Recogniser recogniser(Corpus corpus) {
    return clips -> clips.stream().map(clip -> words(corpus, clip)).toList();
  }

  private static String words(Corpus corpus, Waveform clip) {
    List<CorpusItem> items = corpus.items();
    for (CorpusItem item : items) {
      if (Arrays.equals(clip.samples(), corpus.answerSamples(item))) {
        return item.answer();
      }
      if (Arrays.equals(clip.samples(), corpus.questionSamples(item))) {
        return item.question();
      }
    }
    return "";
  }
}
