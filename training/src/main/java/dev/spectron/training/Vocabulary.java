package dev.spectron.training;

import dev.spectron.lm.WordTokenizer;
import dev.spectron.training.corpus.ArithmeticTexts;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The words of the embedded model's domain. */
public final class Vocabulary {
  private Vocabulary() {}

  /** A tokenizer with every word of the domain's questions and answers. */
  public static WordTokenizer.File mini() {
    SortedSet<String> words = new TreeSet<>();
    Stream.concat(QuestionTable.mini().stream(), ArithmeticTexts.all().stream())
        .forEach(question -> add(words, question));
    return WordTokenizer.of(words);
  }

  private static void add(SortedSet<String> words, Question question) {
    words.addAll(Arrays.asList(question.questionText().split(" ")));
    words.addAll(Arrays.asList(question.answerText().split(" ")));
  }
}
