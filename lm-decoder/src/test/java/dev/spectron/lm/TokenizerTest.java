package dev.spectron.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.BundleException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TokenizerTest {
  @Test
  void charactersRoundTrip() {
    try (Tokenizer tokenizer = letters()) {
      int[] ids = tokenizer.tokenize("what's two plus one");
      assertThat(ids).hasSize(19);
      assertThat(tokenizer.detokenize(ids)).isEqualTo("what's two plus one");
      assertThat(tokenizer.detokenize(new int[0])).isEmpty();
    }
  }

  @Test
  void specialTokensAreOneIdAndLeftOutOfText() {
    try (Tokenizer tokenizer = letters()) {
      int answer = tokenizer.id("<answer>");
      int[] ids = tokenizer.tokenize("<sos>hi<answer>yes<eos>");
      assertThat(ids).hasSize(8).contains(answer, tokenizer.id("<sos>"), tokenizer.id("<eos>"));
      assertThat(tokenizer.detokenize(ids)).isEqualTo("hiyes");
    }
  }

  @Test
  void missingSpecialTokenIsNamed() {
    try (Tokenizer tokenizer = letters()) {
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

  private static Tokenizer letters() {
    Set<String> units = new TreeSet<>();
    "abcdefghijklmnopqrstuvwxyz' ".chars().forEach(c -> units.add(Character.toString(c)));
    return Tokenizer.of("tokenizer.json", CharacterTokenizer.json(units));
  }
}
