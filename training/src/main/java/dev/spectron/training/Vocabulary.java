package dev.spectron.training;

import dev.spectron.lm.WordTokenizer;
import dev.spectron.training.corpus.ArithmeticTexts;
import dev.spectron.training.corpus.OutsideQuestions;
import dev.spectron.training.corpus.Paraphrases;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The words of the embedded model's domain. */
public final class Vocabulary {
  /** A word from outside of the domain needs this many questions to be learned. */
  private static final int LEAST_OUTSIDE = 12;

  private Vocabulary() {}

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
    words.addAll(frequentOutside());
    return WordTokenizer.closed(words);
  }

  private static List<String> frequentOutside() {
    Map<String, Integer> counts = new HashMap<>();
    for (Question question : OutsideQuestions.training()) {
      words(question.questionText()).stream()
          .distinct()
          .forEach(word -> counts.merge(word, 1, Integer::sum));
    }
    return counts.keySet().stream().filter(word -> counts.get(word) >= LEAST_OUTSIDE).toList();
  }

  private static void add(SortedSet<String> words, Question question) {
    words.addAll(words(question.questionText()));
    words.addAll(words(question.answerText()));
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" "));
  }
}
