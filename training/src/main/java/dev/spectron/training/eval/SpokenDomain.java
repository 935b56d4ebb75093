package dev.spectron.training.eval;

import dev.spectron.training.corpus.ArithmeticTexts;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.OutsideQuestions;
import dev.spectron.training.corpus.Question;
import dev.spectron.training.corpus.QuestionTable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every question that may legally be asked aloud, held-out ones too, and its answer: what the
 * recogniser's language model is made of, so that it knows no answer better than another, and the
 * table that the cascade looks answers up in.
 *
 * @param answers right answers by question, both normalised
 */
public record SpokenDomain(Map<String, String> answers) {
  /** The reviewed domain, the arithmetic with small terms, and whatever else the corpus asks. */
  public static SpokenDomain of(Corpus corpus) {
    Map<String, String> answers = new LinkedHashMap<>();
    for (CorpusItem item : corpus.items()) {
      if (!item.fromOutside()) {
        answers.put(item.question(), item.answer());
      }
    }
    Stream.concat(
            QuestionTable.mini().stream(),
            ArithmeticTexts.all().stream().filter(SpokenDomain::isSpoken))
        .forEach(question -> answers.putIfAbsent(question.questionText(), question.answerText()));
    return new SpokenDomain(answers);
  }

  /** Questions and answers, each sentence once, and that there is no answer. */
  public Set<String> sentences() {
    Set<String> sentences = new LinkedHashSet<>(answers.keySet());
    sentences.addAll(answers.values());
    sentences.add(OutsideQuestions.ANSWER);
    return sentences;
  }

  private static boolean isSpoken(Question question) {
    return !question.category().endsWith("-large");
  }
}
