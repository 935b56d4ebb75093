package dev.spectron.sdk;

/**
 * A spoken answer and how it came about. Immutable; stays valid after the model is closed.
 *
 * @param transcript what the model heard; empty for a model that does not write it
 * @param text the answer in words
 * @param spectrogram the answer as the model wrote it, frame by frame
 * @param speech the answer's sound
 * @param ended whether the model ended the speech itself; false if the limit of frames cut it off
 * @param timings how long it took
 * @param context how much of its conversation the model was given
 */
public record Answer(
    String transcript,
    String text,
    Spectrogram spectrogram,
    Speech speech,
    boolean ended,
    Timings timings,
    Context context) {
  /**
   * Of the turns before a question.
   *
   * @param turns the latest, which the model heard
   * @param dropped those before them, which it did not: they did not fit its window, or it hears no
   *     context at all ({@link Spectron#hearsContext()})
   */
  public record Context(int turns, int dropped) {}
}
