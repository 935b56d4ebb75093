package dev.spectron.training;

import dev.spectron.lm.WordTokenizer;
import dev.spectron.spokenlm.DecodingConfig;
import dev.spectron.training.corpus.ArithmeticTexts;
import dev.spectron.training.corpus.OutsideQuestions;
import dev.spectron.training.corpus.Paraphrases;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import dev.spectron.training.corpus.Sentences;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The words of the embedded models. */
public final class Vocabulary {
  /** A word from outside of the domain needs this many questions to be learned. */
  private static final int LEAST_OUTSIDE = 12;

  private static final int LEAST_IN_SENTENCES = 2;

  private Vocabulary() {}

  /** The tokenizer that goes with a layout of the decoding pass. */
  public static WordTokenizer.File of(DecodingConfig decoding) {
    return decoding.answerToken() ? mini() : continuation();
  }

  /** A tokenizer with the repeated words of the sentences to continue; it spells any other. */
  public static WordTokenizer.File continuation() {
    return WordTokenizer.spelling(frequent(Sentences.training(), LEAST_IN_SENTENCES));
  }

  /**
   * A tokenizer with every word of the domain's questions, in every wording of training, and
   * answers, and with the frequent words of questions from outside; any other word is unknown.
   */
  public static WordTokenizer.File mini() {
    SortedSet<String> words = new TreeSet<>();
    List<Question> domain = QuestionTable.mini();
    Stream.of(domain, ArithmeticTexts.all(), Paraphrases.training(domain))
        .flatMap(List::stream)
        .forEach(question -> add(words, question));
    words.addAll(words(OutsideQuestions.ANSWER));
    words.addAll(
        frequent(
            OutsideQuestions.training().stream().map(Question::questionText).toList(),
            LEAST_OUTSIDE));
    return WordTokenizer.closed(words);
  }

  /** Words that at least so many of the texts hold. */
  private static List<String> frequent(List<String> texts, int least) {
    Map<String, Integer> counts = new HashMap<>();
    texts.forEach(
        text ->
            words(text).stream().distinct().forEach(word -> counts.merge(word, 1, Integer::sum)));
    return counts.keySet().stream().filter(word -> counts.get(word) >= least).toList();
  }

  private static void add(SortedSet<String> words, Question question) {
    words.addAll(words(question.questionText()));
    words.addAll(words(question.answerText()));
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" "));
  }
}
