package dev.spectron.sdk;

/**
 * A piece of news of an answer that is being made. In this order: words of the transcript, words of
 * the text, audio; between them the times of the stages; last either {@link Done} or {@link
 * Failed}. Immutable.
 *
 * {@snippet :
 * void show(AnswerEvent event) {
 *   switch (event) {
 *     case AnswerEvent.TranscriptDelta delta -> System.out.print(delta.words());
 *     case AnswerEvent.TextDelta delta -> System.out.print(delta.words());
 *     case AnswerEvent.AudioChunk chunk -> System.out.println(chunk.speech().seconds());
 *     case AnswerEvent.StageTiming timing -> System.out.println(timing.stage());
 *     case AnswerEvent.Done done -> System.out.println(done.answer().text());
 *     case AnswerEvent.Failed failed -> System.out.println(failed.code());
 *   }
 * }
 * }
 */
public sealed interface AnswerEvent {
  /**
   * More of what the model heard.
   *
   * @param words whole words with the space before them; all together are {@link
   *     Answer#transcript()}
   */
  record TranscriptDelta(String words) implements AnswerEvent {}

  /**
   * More of the answer in words.
   *
   * @param words whole words with the space before them; all together are {@link Answer#text()}
   */
  record TextDelta(String words) implements AnswerEvent {}

  /**
   * More of the sound: {@link SpectronOptions#audioChunk()} of it, the last one what is left. All
   * together are {@link Answer#speech()}, sample for sample.
   *
   * @param position of its first sample in the answer
   * @param speech at least one sample
   */
  record AudioChunk(long position, Speech speech) implements AnswerEvent {}

  /**
   * A stage is done. Waiting for whoever takes the events is in no stage's time.
   *
   * @param stage which
   * @param milliseconds wall-clock time
   */
  record StageTiming(Stage stage, double milliseconds) implements AnswerEvent {}

  /**
   * The answer is complete.
   *
   * @param answer all of it
   */
  record Done(Answer answer) implements AnswerEvent {}

  /**
   * There will be no answer.
   *
   * @param code stable name of what went wrong, such as {@code answer.cancelled}
   * @param cause what the blocking door would have thrown
   */
  record Failed(String code, Throwable cause) implements AnswerEvent {}
}
