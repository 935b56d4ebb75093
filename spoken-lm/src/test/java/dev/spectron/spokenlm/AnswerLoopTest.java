package dev.spectron.spokenlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.conformer.EncoderStates;
import dev.spectron.conformer.LongAudioConfig;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.lm.SamplingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnswerLoopTest {
  @Test
  void decodingStepByStepEqualsTheTeacherForcedPass() {
    SpokenLmConfig config = NamedConfigs.of("toy");
    try (Backend backend = Backends.open("reference");
        Scope _ = backend.openScope()) {
      SpokenLanguageModel model =
          SpokenLanguageModel.load(config, WeightScope.of(backend, new RandomWeights(4)));
      Tensor prompt = backend.upload(noise(26 * 20, 1), Shape.of(1, 26, 20));
      Tokens text = Tokens.of(1, 9, 3, 8, 2);
      int channels = config.nets().stepChannels();
      float[] frames = noise(3 * channels, 2);
      Tensor target = backend.upload(frames, Shape.of(1, 3, channels));
      EncoderStates states = model.encoder().encode(backend, prompt, Lengths.full(prompt));
      TeacherForcedOutput whole =
          model.teacherForced(
              backend,
              states,
              new TeacherForcedInput(
                  prompt, Lengths.full(prompt), text, target, Lengths.full(1, 3)),
              new SplittableRandom(1));

      EncoderStates prefix = model.prefix(backend, states);
      int length = prefix.lengths().max();
      try (KvCache cache = model.lm().cache(backend, 1, length + 5 + 2)) {
        model
            .lm()
            .forward(
                backend,
                prefix.states(),
                new AttentionMask.Prefix(prefix.lengths()),
                prefix.lengths(),
                cache);
        float[] logits = backend.download(whole.textLogits());
        int vocabulary = config.lm().vocabulary();
        Tensor state = prompt;
        for (int i = 0; i < 5; i++) {
          state =
              model.lm().step(backend, model.lm().embed(backend, Tokens.of(text.id(0, i))), cache);
          if (i < 4) {
            assertClose(
                backend.download(model.lm().logits(backend, state)),
                Arrays.copyOfRange(logits, i * vocabulary, (i + 1) * vocabulary));
          }
        }
        float[] predicted = backend.download(whole.frames());
        for (int i = 0; i < 3; i++) {
          assertClose(
              backend.download(model.postNet().forward(backend, state)),
              Arrays.copyOfRange(predicted, i * channels, (i + 1) * channels));
          if (i < 2) {
            Tensor frame =
                backend.upload(
                    Arrays.copyOfRange(frames, i * channels, (i + 1) * channels),
                    Shape.of(1, 1, channels));
            state =
                model
                    .lm()
                    .step(
                        backend,
                        model.preNet().forward(backend, frame, new SplittableRandom(1)),
                        cache);
          }
        }
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    try (SpokenLmBundle bundle = SpokenLmBundle.random("toy", 3);
        Backend backend = Backends.open("reference")) {
      AnswerLoop loop = bundle.load(backend);
      AnswerOptions options = new AnswerOptions(new SamplingOptions(1, 0.9f), 11, 40);
      Answer one = loop.answer(backend, hum(0.6), options);
      Answer two = loop.answer(backend, hum(0.6), options);
      assertThat(two.text()).isEqualTo(one.text());
      assertThat(two.speech().samples()).isEqualTo(one.speech().samples());
      assertThat(one.logMel().time()).isBetween(1, 40);
      assertThat(one.speech().sampleRate()).isEqualTo(16_000);
      assertThat(one.timings().total()).isPositive();
    }
  }

  @Test
  void silenceAndNoiseEndByARule() {
    try (SpokenLmBundle bundle = SpokenLmBundle.random("toy", 5);
        Backend backend = Backends.open("reference")) {
      AnswerLoop loop = bundle.load(backend);
      for (Waveform question :
          List.of(new Waveform(new float[8000], 16_000), new Waveform(noise(4000, 3), 8000))) {
        Answer answer = loop.answer(backend, question, AnswerOptions.standard());
        assertThat(answer.logMel().time())
            .isLessThanOrEqualTo(bundle.config().decoding().maxSpeechFrames());
        assertThat(answer.ending()).isNotNull();
      }
    }
  }

  @Test
  void aQuestionTooLongForTheModelIsRefusedBeforeAnyWork() {
    try (SpokenLmBundle bundle = SpokenLmBundle.random("toy", 5);
        Backend backend = Backends.open("reference")) {
      AnswerLoop loop = bundle.load(backend);
      assertThatThrownBy(() -> loop.answer(backend, hum(120), AnswerOptions.standard()))
          .isInstanceOf(CapacityException.class)
          .hasMessageStartingWith(
              "question of 120.0 s: expected at most 45.4 s, which lm.max_positions 1024 leaves");
    }
  }

  @Test
  void theFullSizesTakeTwoMinutesOfQuestionAndGiveOneOfAnswer() {
    for (String name : List.of("spectron-350m", "spectron-1b")) {
      SpokenLmConfig config = NamedConfigs.of(name);
      double rate = config.inputFeatures().frameRate();
      int question = (int) Math.ceil(120 * rate) / config.conformer().subsamplingFactor() + 1;
      int answer = (int) Math.ceil(60 * rate) / config.nets().reductionFactor();
      assertThat(config.decoding().maxSpeechFrames()).isGreaterThanOrEqualTo((int) (60 * rate));
      assertThat(question + 2 + config.decoding().maxTextTokens() + answer)
          .isLessThanOrEqualTo(config.lm().maxPositions());
    }
  }

  @Test
  void longQuestionsAreEncodedAsTheCallerSays() {
    LongAudioConfig whole = LongAudioConfig.unlimited();
    LongAudioConfig chunks = new LongAudioConfig(10, new ChunkConfig(3, 0, 0));
    LongAudioConfig refused = new LongAudioConfig(10, ChunkConfig.none());
    try (SpokenLmBundle bundle = SpokenLmBundle.random("toy", 3);
        Backend backend = Backends.open("reference")) {
      AnswerLoop loop = bundle.load(backend);
      Waveform question = new Waveform(noise(16_000, 3), 16_000);
      assertThat(frames(loop, backend, question, List.of(whole)))
          .isEqualTo(frames(loop, backend, question, List.of()))
          .isNotEqualTo(frames(loop, backend, question, List.of(chunks)));
      assertThatThrownBy(() -> frames(loop, backend, question, List.of(refused)))
          .isInstanceOf(CapacityException.class)
          .hasMessageContaining("set conformer.long_audio.chunk");
    }
  }

  private static float[] frames(
      AnswerLoop loop, Backend backend, Waveform question, List<LongAudioConfig> longAudio) {
    AnswerOptions options =
        new AnswerOptions(SamplingOptions.greedy(), 1, 4, AnswerOptions.Synthesis.WHOLE, longAudio);
    return loop.answer(backend, question, options).logMel().frames();
  }

  @Test
  void namedConfigurationsHaveTheStatedSizes() {
    assertThat(parameters("spectron-350m")).isBetween(940_000_000L, 960_000_000L);
    assertThat(parameters("spectron-1b")).isBetween(1_610_000_000L, 1_630_000_000L);
    assertThat(parameters("spectron-mini")).isBetween(6_000_000L, 20_000_000L);
    assertThat(parameters("spectron-mini-continue")).isEqualTo(parameters("spectron-mini"));
    assertThat(parameters("spectron-micro")).isBetween(3_000_000L, 5_000_000L);
    assertThatThrownBy(() -> NamedConfigs.of("spectron-9b"))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "configuration spectron-9b: expected one of [spectron-1b, spectron-350m, spectron-mini, spectron-mini-continue, spectron-micro, toy]");
  }

  @Test
  void sectionsThatDisagreeNameBothKeys() {
    SpokenLmConfig toy = NamedConfigs.of("toy");
    assertThatThrownBy(
            () ->
                new SpokenLmConfig(
                    toy.inputFeatures(),
                    toy.outputFeatures(),
                    toy.conformer(),
                    toy.nets(),
                    NamedConfigs.of("spectron-mini").lm(),
                    toy.decoding()))
        .isInstanceOf(BundleException.class)
        .hasMessage("config.json: nets.d_model: expected the value of lm.d_model, 256, found 48");
  }

  private static long parameters(String name) {
    return ParameterCount.of(w -> SpokenLanguageModel.load(NamedConfigs.of(name), w));
  }

  private static Waveform hum(double seconds) {
    float[] samples = new float[(int) (seconds * 16_000)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.3 * Math.sin(2 * Math.PI * 220 * i / 16_000));
    }
    return new Waveform(samples, 16_000);
  }

  private static float[] noise(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * 0.3f;
    }
    return values;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("value %d", i).isCloseTo(expected[i], within(1e-4f));
    }
  }
}
