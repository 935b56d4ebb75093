package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.training.data.TextLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AnswerLossesTest {
  @Test
  void eachTokenAndTheEndCostWhatTheDecoderSays() {
    try (Backend backend = Backends.open("reference");
        SpokenLmBundle bundle = SpokenLmBundle.random("toy", 3);
        Scope _ = backend.openScope()) {
      AnswerLoop loop = bundle.load(backend);
      TextLayout layout = new TextLayout(loop.tokenizer(), true);
      double[] losses = AnswerLosses.of(loop).of(backend, "a question", "so on");
      int[] ids = layout.tokens("a question", "so on");
      float[] logits = backend.download(loop.model().teacherForcedText(backend, Tokens.of(ids)));
      int vocabulary = logits.length / ids.length;
      int answerAndEnd = loop.tokenizer().tokenize("so on").length + 1;
      assertThat(losses).hasSize(answerAndEnd);
      for (int i = 0; i < losses.length; i++) {
        int at = ids.length - answerAndEnd + i;
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
          sum += Math.exp(logits[(at - 1) * vocabulary + v]);
        }
        double probability = Math.exp(logits[(at - 1) * vocabulary + ids[at]]) / sum;
        assertThat(losses[i]).isCloseTo(-Math.log(probability), within(1e-5));
      }
    }
  }

  @Test
  void anAnswerOfNoWordsIsItsEndAlone() {
    try (Backend backend = Backends.open("reference");
        SpokenLmBundle bundle = SpokenLmBundle.random("toy", 3)) {
      AnswerLosses losses = AnswerLosses.of(bundle.load(backend));
      assertThat(losses.of(backend, "a question", "")).hasSize(1);
      assertThat(Arrays.stream(losses.of(backend, "", "so")).min().orElseThrow()).isPositive();
    }
  }
}
