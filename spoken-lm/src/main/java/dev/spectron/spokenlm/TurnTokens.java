package dev.spectron.spokenlm;

import dev.spectron.core.tensor.Tokens;
import dev.spectron.lm.Tokenizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The turns of a dialogue as the decoder is given them: each as the model writes it, transcript,
 * {@code <answer>}, text, {@code <eos>}, oldest first.
 */
final class TurnTokens {
  private final Tokenizer tokenizer;
  private final DecodingConfig config;

  TurnTokens(Tokenizer tokenizer, DecodingConfig config) {
    this.tokenizer = tokenizer;
    this.config = config;
  }

  /**
   * The latest turns that fit.
   *
   * @param tokens one element, or none if no turn is heard
   * @param context how many turns that are
   */
  record Fitted(List<Tokens> tokens, Answer.Context context) {
    int length() {
      return tokens.isEmpty() ? 0 : tokens.getFirst().lengths().max();
    }
  }

  /**
   * Whole turns from the latest back, until one does not fit.
   *
   * @param room most tokens, beside {@code max_context_tokens}
   */
  Fitted fit(List<Turn> turns, long room) {
    long left = Math.min(room, config.maxContextTokens());
    Deque<int[]> kept = new ArrayDeque<>();
    for (int i = turns.size() - 1; i >= 0 && left > 0; i--) {
      int[] ids = tokens(turns.get(i));
      left -= ids.length;
      if (left >= 0) {
        kept.addFirst(ids);
      }
    }
    Answer.Context context = new Answer.Context(kept.size(), turns.size() - kept.size());
    int[] ids = kept.stream().flatMapToInt(IntStream::of).toArray();
    return new Fitted(ids.length == 0 ? List.of() : List.of(Tokens.of(ids)), context);
  }

  private int[] tokens(Turn turn) {
    IntStream transcript = IntStream.of(tokenizer.tokenize(turn.transcript()));
    IntStream answer =
        config.answerToken() ? IntStream.of(tokenizer.id("<answer>")) : IntStream.empty();
    IntStream text =
        IntStream.concat(
            IntStream.of(tokenizer.tokenize(turn.text())), IntStream.of(tokenizer.id("<eos>")));
    return IntStream.concat(IntStream.concat(transcript, answer), text).toArray();
  }
}
