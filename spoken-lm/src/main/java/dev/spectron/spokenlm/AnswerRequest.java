package dev.spectron.spokenlm;

import dev.spectron.core.signal.Waveform;
import java.util.List;

/**
 * What to answer.
 *
 * @param question any rate, at least one sample
 * @param context the turns before it, oldest first; as many of the latest are heard as fit
 * @param options how to answer
 */
public record AnswerRequest(Waveform question, List<Turn> context, AnswerOptions options) {
  /** Keeps a copy of the context. */
  public AnswerRequest {
    context = List.copyOf(context);
  }
}
