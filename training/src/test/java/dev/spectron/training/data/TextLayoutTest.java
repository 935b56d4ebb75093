package dev.spectron.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.tensor.Tokens;
import dev.spectron.lm.Tokenizer;
import dev.spectron.lm.WordTokenizer;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.training.Vocabulary;
import dev.spectron.training.corpus.OutsideQuestions;
import dev.spectron.training.corpus.Sentences;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextLayoutTest {
  @Test
  void theAnswerTokenStandsBetweenQuestionAndAnswer() {
    try (Tokenizer tokenizer = mini()) {
      int[] tokens = new TextLayout(tokenizer, true).tokens("what color is grass", "green");
      assertThat(tokens).hasSize(8).startsWith(1).endsWith(2);
      assertThat(tokens[5]).isEqualTo(tokenizer.id("<answer>"));
    }
  }

  @Test
  void runningTextIsWhatTheWholeSentenceIs() {
    WordTokenizer.File words = Vocabulary.continuation();
    try (Tokenizer tokenizer = Tokenizer.of("tokenizer.json", words.json())) {
      TextLayout layout = new TextLayout(tokenizer, false);
      assertThat(layout.tokens("there is no", "enchantment nor charm"))
          .isEqualTo(layout.tokens("there is no enchantment nor charm", ""));
      for (String sentence : Sentences.mini()) {
        assertThat(tokenizer.detokenize(layout.tokens(sentence, ""))).isEqualTo(sentence);
        assertThat(layout.tokens(sentence, "").length)
            .isLessThan(NamedConfigs.of("spectron-mini-continue").decoding().maxTextTokens());
      }
    }
  }

  @Test
  void theDomainHasNoUnknownWordInTrainingAndOutsideQuestionsHaveSome() {
    try (Tokenizer tokenizer = mini()) {
      TextLayout layout = new TextLayout(tokenizer, true);
      int unknown = tokenizer.tokenize("zzzz")[0];
      assertThat(tokenizer.tokenize(OutsideQuestions.ANSWER)).hasSize(3).doesNotContain(unknown);
      Set<Integer> seen = new HashSet<>();
      TextData data = new TextData(layout, List.of(), 64, 1);
      for (int batch = 0; batch < 40; batch++) {
        Tokens rows = data.batch(batch, Part.WHOLE).tokens();
        assertThat(rows.batch()).isEqualTo(64);
        for (int id : rows.toArray()) {
          seen.add(id);
        }
      }
      assertThat(seen).contains(unknown);
      List<String> domain = List.of("could you tell me the capital of france", "paris");
      assertThat(domain).allMatch(text -> !contains(tokenizer.tokenize(text), unknown));
    }
  }

  private static boolean contains(int[] ids, int wanted) {
    for (int id : ids) {
      if (id == wanted) {
        return true;
      }
    }
    return false;
  }

  private static Tokenizer mini() {
    return Tokenizer.of("tokenizer.json", Vocabulary.mini().json());
  }
}
