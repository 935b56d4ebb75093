package dev.spectron.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.BundleException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenizerTest {
  @Test
  void knownWordsAreOneTokenAndOthersAreSpelled() {
    try (Tokenizer tokenizer = words()) {
      int[] ids = tokenizer.tokenize("what's two plus cats");
      assertThat(ids).hasSize(3 + 1 + 4);
      assertThat(tokenizer.detokenize(ids)).isEqualTo("what's two plus cats");
      assertThat(tokenizer.detokenize(new int[0])).isEmpty();
    }
  }

  @Test
  void specialTokensAreOneIdAndLeftOutOfText() {
    try (Tokenizer tokenizer = words()) {
      int[] ids = tokenizer.tokenize("<sos>two<answer>plus<eos>");
      assertThat(ids).hasSize(5);
      assertThat(ids)
          .contains(tokenizer.id("<sos>"), tokenizer.id("<answer>"), tokenizer.id("<eos>"));
      assertThat(tokenizer.detokenize(ids)).isEqualTo("two plus");
    }
  }

  @Test
  void missingSpecialTokenIsNamed() {
    try (Tokenizer tokenizer = words()) {
      assertThatThrownBy(() -> tokenizer.id("<image>"))
          .isInstanceOf(BundleException.class)
          .hasMessage(
              "tokenizer.json: expected the special token <image>, found none; add it to added_tokens");
    }
  }

  @Test
  void brokenFileIsRefused() {
    byte[] broken = "{\"version\": \"1.0\"".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Tokenizer.of("tokenizer.json", broken))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith("tokenizer.json: expected a Hugging Face tokenizer");
  }

  private static Tokenizer words() {
    return Tokenizer.of(
        "tokenizer.json", WordTokenizer.of(List.of("what's", "two", "plus")).json());
  }
}
