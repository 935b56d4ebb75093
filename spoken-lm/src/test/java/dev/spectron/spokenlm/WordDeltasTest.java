package dev.spectron.spokenlm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.lm.Tokenizer;
import dev.spectron.lm.WordTokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordDeltasTest {
  @Test
  void aWordIsToldWhenTheNextBegins() {
    List<String> told = new ArrayList<>();
    try (Tokenizer tokenizer = spelling()) {
      WordDeltas deltas = new WordDeltas(tokenizer, told::add);
      List<Integer> after = new ArrayList<>();
      for (int id : tokenizer.tokenize("paris is big")) {
        deltas.add(id);
        after.add(told.size());
      }
      assertThat(told).containsExactly("paris", " is");
      assertThat(after).containsExactly(0, 1, 1, 1, 2, 2, 2, 2);
      assertThat(deltas.finish()).isEqualTo("paris is big");
      assertThat(told).containsExactly("paris", " is", " big");
      assertThat(deltas.finish()).isEqualTo("paris is big");
      assertThat(told).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "paris", "the capital of france is paris", "it's a don't"})
  void theWordsTogetherAreTheText(String text) {
    List<String> told = new ArrayList<>();
    try (Tokenizer tokenizer = spelling()) {
      WordDeltas deltas = new WordDeltas(tokenizer, told::add);
      for (int id : tokenizer.tokenize(text)) {
        deltas.add(id);
      }
      assertThat(deltas.finish()).isEqualTo(text);
    }
    assertThat(String.join("", told)).isEqualTo(text);
    assertThat(told).allMatch(word -> word.trim().matches("[a-z']+"));
  }

  /** Knows two words; all others are spelled in letters. */
  private static Tokenizer spelling() {
    return Tokenizer.of("tokenizer.json", WordTokenizer.spelling(List.of("paris", "the")).json());
  }
}
