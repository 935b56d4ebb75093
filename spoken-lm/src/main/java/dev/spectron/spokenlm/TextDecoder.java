package dev.spectron.spokenlm;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.lm.DecoderLm;
import dev.spectron.lm.Sampler;
import dev.spectron.lm.Tokenizer;

/** The text part of the decoding pass: tokens until {@code <eos>}, split at {@code <answer>}. */
final class TextDecoder {
  private static final int NO_TOKEN = -1;

  private final DecoderLm lm;
  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final int sos;
  private final int eos;
  private final int answer;

  TextDecoder(SpokenLanguageModel model, Tokenizer tokenizer) {
    DecodingConfig config = model.config().decoding();
    this.lm = model.lm();
    this.tokenizer = tokenizer;
    this.maxTokens = config.maxTextTokens();
    this.sos = tokenizer.id("<sos>");
    this.eos = tokenizer.id("<eos>");
    this.answer = config.answerToken() ? tokenizer.id("<answer>") : NO_TOKEN;
  }

  /**
   * The text.
   *
   * @param state {@code [1, 1, d_model]} after {@code <eos>}: the first frame is read from it
   */
  record Text(String transcript, String answer, Tensor state) {}

  int startToken() {
    return sos;
  }

  /**
   * Decodes until {@code <eos>}; at the limit {@code <eos>} is put in by force, so that speech
   * always follows. Without a token between them, all is answer.
   *
   * @param prefilled {@code [1, 1, d_model]}, state of {@code <sos>}
   * @param listener told of each word
   */
  Text decode(
      Backend backend, Tensor prefilled, KvCache cache, Sampler sampler, AnswerListener listener) {
    WordDeltas transcript = new WordDeltas(tokenizer, listener::transcript);
    WordDeltas text = new WordDeltas(tokenizer, listener::text);
    WordDeltas current = answer == NO_TOKEN ? text : transcript;
    int token = next(backend, prefilled, sampler);
    for (int count = 0; token != eos && count < maxTokens; count++) {
      if (token == answer && current == transcript) {
        transcript.finish();
        current = text;
      } else {
        current.add(token);
      }
      try (Scope _ = backend.openScope()) {
        token = next(backend, step(backend, token, cache), sampler);
      }
    }
    return new Text(transcript.finish(), text.finish(), step(backend, eos, cache));
  }

  private Tensor step(Backend backend, int token, KvCache cache) {
    return lm.step(backend, lm.embed(backend, Tokens.of(token)), cache);
  }

  private int next(Backend backend, Tensor state, Sampler sampler) {
    return sampler.sample(backend.download(lm.logits(backend, state)));
  }
}
