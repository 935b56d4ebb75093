package dev.spectron.spokenlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.Waveform;
import dev.spectron.lm.SamplingOptions;
import dev.spectron.lm.Tokenizer;
import dev.spectron.lm.WordTokenizer;
import dev.spectron.vocoder.Vocoders;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Earlier turns of a dialogue, heard by models that say they hear them. */
class ContextTest {
  private static final Turn SHORT = new Turn("a", "b");
  private static final Turn LONG = new Turn("abcdefghij", "klmnopqrst");

  @Test
  void aModelThatHearsNoContextAnswersAsIfThereWereNone() {
    Answer alone = answer(0, 100, List.of());
    Answer after = answer(0, 100, List.of(SHORT, LONG));
    assertThat(after.context()).isEqualTo(new Answer.Context(0, 2));
    assertThat(after.text()).isEqualTo(alone.text());
    assertThat(after.logMel().frames()).isEqualTo(alone.logMel().frames());
    assertThat(alone.context()).isEqualTo(new Answer.Context(0, 0));
  }

  @Test
  void aModelThatHearsContextAnswersAccordingToIt() {
    Answer alone = answer(200, 100, List.of());
    assertThat(alone.logMel().frames()).isEqualTo(answer(0, 100, List.of()).logMel().frames());
    Answer one = answer(200, 100, List.of(SHORT));
    Answer two = answer(200, 100, List.of(SHORT, LONG));
    assertThat(one.context()).isEqualTo(new Answer.Context(1, 0));
    assertThat(two.context()).isEqualTo(new Answer.Context(2, 0));
    assertThat(one.logMel().frames()).isNotEqualTo(alone.logMel().frames());
    assertThat(two.logMel().frames()).isNotEqualTo(one.logMel().frames());
    assertThat(answer(200, 100, List.of(SHORT, LONG)).logMel().frames())
        .isEqualTo(two.logMel().frames());
  }

  @Test
  void theOldestTurnsAreDroppedWholeWhereTheWindowEnds() {
    // a turn of one letter each: space, letter, <answer>, space, letter, <eos>
    List<Turn> turns = List.of(LONG, SHORT, SHORT, SHORT);
    assertThat(answer(17, 100, turns).context()).isEqualTo(new Answer.Context(2, 2));
    assertThat(answer(18, 100, turns).context()).isEqualTo(new Answer.Context(3, 1));
    assertThat(answer(5, 100, turns).context()).isEqualTo(new Answer.Context(0, 4));
    assertThat(answer(17, 100, turns).logMel().frames())
        .isEqualTo(answer(17, 100, turns.subList(2, 4)).logMel().frames());
  }

  @Test
  void contextGivesWayToTheQuestionAndTheAnswer() {
    DecodingConfig config = NamedConfigs.of("toy").decoding().withContext(1000);
    List<Turn> turns = Collections.nCopies(200, SHORT);
    byte[] words = WordTokenizer.spelling(List.of("spectron")).json();
    try (Tokenizer tokenizer = Tokenizer.of("tokenizer.json", words)) {
      TurnTokens tokens = new TurnTokens(tokenizer, config);
      TurnTokens.Fitted little = tokens.fit(turns, 20);
      assertThat(little.context()).isEqualTo(new Answer.Context(3, 197));
      assertThat(little.length()).isEqualTo(18);
      assertThat(tokens.fit(turns, 0).context()).isEqualTo(new Answer.Context(0, 200));
      assertThat(tokens.fit(turns, 5000).length()).isEqualTo(996);
    }
  }

  @Test
  void theConfigurationSaysWhetherContextIsHeard() {
    String before = "{\"answer_token\": true, \"max_text_tokens\": 8, \"max_speech_frames\": 9}";
    DecodingConfig config = Json.parse("config.json", before, DecodingConfig.class);
    assertThat(config.takesContext()).isFalse();
    assertThat(config.withContext(7).takesContext()).isTrue();
    assertThat(Json.line(config.withContext(7))).contains("\"max_context_tokens\":7");
    assertThatThrownBy(() -> config.withContext(-1))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("context of at least 0")
        .hasMessageEndingWith("max_context_tokens -1");
  }

  private static Answer answer(int maxContextTokens, int maxFrames, List<Turn> turns) {
    SpokenLmConfig toy = NamedConfigs.of("toy");
    SpokenLmConfig config = toy.withDecoding(toy.decoding().withContext(maxContextTokens));
    byte[] words = WordTokenizer.spelling(List.of("spectron")).json();
    try (Backend backend = Backends.open("reference");
        Tokenizer tokenizer = Tokenizer.of("tokenizer.json", words)) {
      WeightScope weights = WeightScope.of(backend, new RandomWeights(3));
      AnswerLoop loop =
          new AnswerLoop(
              SpokenLanguageModel.load(config, weights),
              tokenizer,
              Vocoders.load(
                  NamedConfigs.vocoder("toy"), config.outputFeatures(), weights.in("vocoder")));
      AnswerOptions options =
          new AnswerOptions(SamplingOptions.greedy(), 1, Math.min(maxFrames, 6));
      AnswerRequest request = new AnswerRequest(hum(), turns, options);
      return loop.answer(backend, request, AnswerListener.none(), Cancellation.never());
    }
  }

  private static Waveform hum() {
    float[] samples = new float[4000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.3 * Math.sin(2 * Math.PI * 220 * i / 16_000));
    }
    return new Waveform(samples, 16_000);
  }
}
