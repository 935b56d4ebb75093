package dev.spectron.core.error;

import java.util.Arrays;

/**
 * The closed list of what can go wrong. An {@link #id()} never changes its meaning and is never
 * given to another one; new ones may join, so a {@code switch} needs a default.
 */
public enum ErrorCode {
  /** There is no such recording. */
  AUDIO_MISSING("audio.missing", "no such recording", "check the path"),
  /** A recording cannot be read. */
  AUDIO_UNREADABLE(
      "audio.unreadable",
      "the recording may not be read, or reading failed",
      "check its permissions and the disk"),
  /** A file is no WAV file, or of a kind that is not supported. */
  AUDIO_FORMAT(
      "audio.format",
      "not a WAV file, or a kind of it that is not supported",
      "convert it to 16-bit PCM"),
  /** There is not one sample. */
  AUDIO_EMPTY("audio.empty", "no sample at all", "record again; check that the microphone is on"),
  /** A sample is NaN or infinite. */
  AUDIO_NOT_FINITE(
      "audio.not_finite", "a sample is NaN or infinite", "repair what makes the samples"),
  /** The sample rate is out of range. */
  AUDIO_RATE("audio.rate", "the sample rate is out of range", "pass the rate in Hz"),
  /** A recording is longer than any may be. */
  AUDIO_TOO_LONG("audio.too_long", "more sound than a recording may hold", "cut it into pieces"),
  /** A recording cannot be written. */
  AUDIO_UNWRITABLE(
      "audio.unwritable",
      "the sound cannot be written",
      "check the folder, its permissions and the space left"),
  /** There is no such sound device, or it does not work. */
  AUDIO_DEVICE(
      "audio.device",
      "there is no such sound device, or it does not work",
      "connect it, choose another or close what else uses it"),
  /** Sound that cannot be used for another reason. */
  AUDIO_INVALID("audio.invalid", "sound that cannot be used", "read the message"),
  /** The model cannot hear a question of this length. */
  QUESTION_TOO_LONG(
      "question.too_long",
      "the question is longer than the model can hear beside its answer",
      "ask a shorter question or lower maxSpeechFrames"),
  /** A capacity is used up. */
  CAPACITY_EXCEEDED("capacity.exceeded", "a fixed capacity is used up", "read the message"),
  /** There is no such model. */
  BUNDLE_MISSING(
      "bundle.missing",
      "there is no model at that place",
      "check the path, or put the model's jar on the class path"),
  /** A model's files are malformed or do not fit each other. */
  BUNDLE_INVALID(
      "bundle.invalid",
      "a file of the model is missing, malformed or does not fit the others",
      "export or copy the model again"),
  /** There is no named configuration of that name. */
  CONFIGURATION_UNKNOWN(
      "configuration.unknown",
      "there is no configuration of that name",
      "choose one that the message lists"),
  /** There is no back end of that name. */
  BACKEND_UNKNOWN(
      "backend.unknown", "there is no back end of that name", "put its jar on the class path"),
  /** A back end cannot run on this machine as it was started. */
  BACKEND_UNAVAILABLE(
      "backend.unavailable",
      "the back end cannot run here",
      "follow the message, such as --add-modules jdk.incubator.vector"),
  /** A back end failed. */
  BACKEND_FAILED("backend.failed", "the back end failed", "read the message; try another one"),
  /** Tensors do not fit: a fault of Spectron or of a model. */
  SHAPE_MISMATCH(
      "shape.mismatch", "tensors or weights do not fit", "report it, with the model's config.json"),
  /** The answer was given up because somebody asked for that. */
  ANSWER_CANCELLED(
      "answer.cancelled",
      "the answer was cancelled, its thread interrupted or its conversation closed",
      "ask again if it was not meant"),
  /** Whoever takes the events did so too slowly. */
  SUBSCRIBER_SLOW(
      "subscriber.slow",
      "events were taken too slowly, and the model waited as long as it may",
      "request more, hand work on, or raise eventBuffer or patience"),
  /** The model was closed before. */
  MODEL_CLOSED("model.closed", "the model is closed", "open it again"),
  /** The conversation was closed before. */
  CONVERSATION_CLOSED("conversation.closed", "the conversation is closed", "open another"),
  /** A second question before the first was answered. */
  CONVERSATION_BUSY(
      "conversation.busy",
      "a question came while the one before was being answered",
      "wait for that answer, cancel it, or open another conversation"),
  /** Training cannot go on. */
  TRAINING_FAILED("training.failed", "training cannot go on", "read the message"),
  /** None of the others: a file of the command line tools, a picture. */
  OTHER("other", "none of the others", "read the message"),
  /** A failure that Spectron did not foresee. */
  UNEXPECTED("unexpected", "a failure that Spectron did not foresee", "report it with its trace");

  private final String id;
  private final String meaning;
  private final String nextStep;

  ErrorCode(String id, String meaning, String nextStep) {
    this.id = id;
    this.meaning = meaning;
    this.nextStep = nextStep;
  }

  /** The stable name, such as {@code audio.empty}: lower case, {@code where.what}. */
  public String id() {
    return id;
  }

  /** What it means, in a few words. */
  public String meaning() {
    return meaning;
  }

  /** What to do about it in general; the message of an exception may know better. */
  public String nextStep() {
    return nextStep;
  }

  /**
   * The code of any failure.
   *
   * @return {@link #UNEXPECTED} for exceptions that are not Spectron's
   */
  public static ErrorCode of(Throwable failure) {
    return failure instanceof Coded coded ? coded.code() : UNEXPECTED;
  }

  /**
   * The code with an id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ErrorCode ofId(String id) {
    return Arrays.stream(values())
        .filter(code -> code.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "error code: expected one of " + ids() + ", found " + id));
  }

  private static String ids() {
    return String.join(", ", Arrays.stream(values()).map(ErrorCode::id).toList());
  }

  @Override
  public String toString() {
    return id;
  }
}
