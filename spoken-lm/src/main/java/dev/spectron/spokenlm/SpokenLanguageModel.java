package dev.spectron.spokenlm;

import dev.spectron.conformer.ConformerEncoder;
import dev.spectron.conformer.EncoderStates;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.lm.DecoderLm;
import dev.spectron.nets.PostNet;
import dev.spectron.nets.PreNet;
import dev.spectron.nets.SpeechProjection;
import dev.spectron.nets.StopHead;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Spectron: a Conformer's projected states are the prefix of a decoder that writes transcript,
 * answer text and the answer's spectrogram in one pass. Source: Nachmani et al. 2023, arXiv
 * 2305.15255, section 3.
 *
 * @param encoder log-mel spectrogram to encoder states
 * @param projection encoder states to speech prefix
 * @param preNet frames to decoder inputs
 * @param postNet decoder states to frames
 * @param stopHead one element, or none
 * @param lm the decoder
 * @param config all sizes
 */
public record SpokenLanguageModel(
    ConformerEncoder encoder,
    SpeechProjection projection,
    PreNet preNet,
    PostNet postNet,
    List<StopHead> stopHead,
    DecoderLm lm,
    SpokenLmConfig config) {
  /** Reads {@code conformer.*}, {@code nets.*} and {@code lm.*}. */
  public static SpokenLanguageModel load(SpokenLmConfig config, WeightScope weights) {
    WeightScope nets = weights.in("nets");
    return new SpokenLanguageModel(
        ConformerEncoder.load(config.conformer(), weights.in("conformer")),
        SpeechProjection.load(config.nets(), nets),
        PreNet.load(config.nets(), nets),
        PostNet.load(config.nets(), nets),
        config.nets().stopHead() ? List.of(StopHead.load(config.nets(), nets)) : List.of(),
        DecoderLm.load(config.lm(), weights.in("lm")),
        config);
  }

  /**
   * The speech prefix.
   *
   * @param states encoder states {@code [batch, time, encoder_dim]}
   * @return {@code [batch, time, d_model]} and its lengths, in the current scope
   */
  public EncoderStates prefix(Backend backend, EncoderStates states) {
    return new EncoderStates(projection.forward(backend, states.states()), states.lengths());
  }

  /**
   * The teacher-forced pass: decoder inputs are prefix, text and true frames, shifted by one step.
   *
   * @param states encoder states of {@code input.prompt()}, from {@link ConformerEncoder#encode}
   * @param random source of the pre-net's dropout
   * @return predictions, in the current scope
   */
  public TeacherForcedOutput teacherForced(
      Backend backend, EncoderStates states, TeacherForcedInput input, RandomGenerator random) {
    EncoderStates prefix = prefix(backend, states);
    return decode(backend, List.of(prefix), input.text(), input.frames(), input.steps(), random);
  }

  /**
   * The teacher-forced pass without a spoken prompt: text and frames only.
   *
   * @param text as {@link TeacherForcedInput#text()}
   * @param frames as {@link TeacherForcedInput#frames()}
   * @param steps as {@link TeacherForcedInput#steps()}
   * @param random source of the pre-net's dropout
   * @return predictions, in the current scope
   */
  public TeacherForcedOutput teacherForcedFromText(
      Backend backend, Tokens text, Tensor frames, Lengths steps, RandomGenerator random) {
    return decode(backend, List.of(), text, frames, steps, random);
  }

  /**
   * The teacher-forced pass of the language model alone.
   *
   * @param text as {@link TeacherForcedInput#text()}
   * @return logits {@code [batch, text time, vocabulary]}, in the current scope
   */
  public Tensor teacherForcedText(Backend backend, Tokens text) {
    Tensor x = lm.embed(backend, text);
    Tensor states =
        lm.forward(backend, x, new AttentionMask.Causal(), text.lengths(), KvCache.none());
    return lm.logits(backend, states);
  }

  private TeacherForcedOutput decode(
      Backend backend,
      List<EncoderStates> prefix,
      Tokens text,
      Tensor frames,
      Lengths steps,
      RandomGenerator random) {
    int batch = text.batch();
    Lengths prefixLengths = prefix.isEmpty() ? Lengths.full(batch, 0) : prefix.getFirst().lengths();
    Lengths earlier = steps.map(n -> n - 1);
    Tensor history =
        preNet.forward(backend, backend.sliceTime(frames, new int[batch], earlier), random);
    Tensor words = lm.embed(backend, text);

    Lengths lengths = prefixLengths.plus(text.lengths()).plus(earlier);
    Tensor x =
        prefix.isEmpty()
            ? backend.concatTime(List.of(words, history), List.of(text.lengths(), earlier))
            : backend.concatTime(
                List.of(prefix.getFirst().states(), words, history),
                List.of(prefixLengths, text.lengths(), earlier));
    AttentionMask mask =
        prefix.isEmpty() ? new AttentionMask.Causal() : new AttentionMask.Prefix(prefixLengths);
    Tensor states = lm.forward(backend, x, mask, lengths, KvCache.none());

    Lengths predicted = text.lengths().map(n -> n - 1);
    Tensor textStates = backend.sliceTime(states, prefixLengths.toArray(), predicted);
    Tensor speechStates = backend.sliceTime(states, prefixLengths.plus(predicted).toArray(), steps);
    Tensor speech = postNet.forward(backend, speechStates);
    Tensor stop = stopHead.isEmpty() ? speech : stopHead.getFirst().forward(backend, speechStates);
    return new TeacherForcedOutput(lm.logits(backend, textStates), predicted, speech, stop);
  }
}
