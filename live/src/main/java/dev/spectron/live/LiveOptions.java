package dev.spectron.live;

import dev.spectron.audio.EndPointing;
import java.util.Objects;

/**
 * How turns are taken. Immutable; changed by {@link #toBuilder()}. Times are in milliseconds.
 *
 * @param echo what the microphone hears of the loudspeaker
 * @param threshold score of {@link dev.spectron.audio.VoiceDetector} above which sound is speech,
 *     above 0 and below 0.5
 * @param silence silence that ends a question, 100 to 5000
 * @param confirm sound on end, with gaps of at most 120 ms, that is speech for certain; what is
 *     shorter, such as a cough, is no question and interrupts no answer; 100 to 2000
 * @param preRoll sound kept from before the speech, 0 to 2000
 * @param echoTail how long after an answer half duplex does not listen, 0 to 2000
 * @param duckDecibels how much quieter an answer gets as soon as somebody seems to speak, 0 to 60
 * @param longestQuestion speech after which a question is over in any case, 1000 to 600,000
 */
public record LiveOptions(
    Echo echo,
    double threshold,
    int silence,
    int confirm,
    int preRoll,
    int echoTail,
    double duckDecibels,
    int longestQuestion) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public LiveOptions {
    Objects.requireNonNull(echo, "echo");
    require("threshold", threshold > 0 && threshold < 0.5, "above 0 and below 0.5", threshold);
    require("silence", silence >= 100 && silence <= 5000, "100 to 5000 ms", silence);
    require("confirm", confirm >= 100 && confirm <= 2000, "100 to 2000 ms", confirm);
    require("pre-roll", preRoll >= 0 && preRoll <= 2000, "0 to 2000 ms", preRoll);
    require("echo tail", echoTail >= 0 && echoTail <= 2000, "0 to 2000 ms", echoTail);
    require("duck", duckDecibels >= 0 && duckDecibels <= 60, "0 to 60 dB", duckDecibels);
    require(
        "longest question",
        longestQuestion >= 1000 && longestQuestion <= 600_000,
        "1000 to 600000 ms",
        longestQuestion);
  }

  /** Half duplex; a question ends after 600 ms of silence, and what lasts 300 ms is speech. */
  public static LiveOptions defaults() {
    return new LiveOptions(
        Echo.HALF_DUPLEX, EndPointing.USUAL_THRESHOLD, 600, 300, 300, 250, 20, 30_000);
  }

  private static void require(String name, boolean holds, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: expected %s, found %s".formatted(name, expected, found));
    }
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects options. Not safe for several threads. */
  public static final class Builder {
    private Echo echo;
    private double threshold;
    private int silence;
    private int confirm;
    private int preRoll;
    private int echoTail;
    private double duckDecibels;
    private int longestQuestion;

    private Builder(LiveOptions from) {
      this.echo = from.echo;
      this.threshold = from.threshold;
      this.silence = from.silence;
      this.confirm = from.confirm;
      this.preRoll = from.preRoll;
      this.echoTail = from.echoTail;
      this.duckDecibels = from.duckDecibels;
      this.longestQuestion = from.longestQuestion;
    }

    /** What the microphone hears of the loudspeaker. */
    public Builder echo(Echo value) {
      this.echo = value;
      return this;
    }

    /** Score above which sound is speech. */
    public Builder threshold(double value) {
      this.threshold = value;
      return this;
    }

    /** Silence that ends a question. */
    public Builder silence(int value) {
      this.silence = value;
      return this;
    }

    /** Sound that is speech for certain. */
    public Builder confirm(int value) {
      this.confirm = value;
      return this;
    }

    /** Sound kept from before the speech. */
    public Builder preRoll(int value) {
      this.preRoll = value;
      return this;
    }

    /** How long after an answer half duplex does not listen. */
    public Builder echoTail(int value) {
      this.echoTail = value;
      return this;
    }

    /** How much quieter an answer gets when somebody seems to speak. */
    public Builder duckDecibels(double value) {
      this.duckDecibels = value;
      return this;
    }

    /** Speech after which a question is over in any case. */
    public Builder longestQuestion(int value) {
      this.longestQuestion = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public LiveOptions build() {
      return new LiveOptions(
          echo, threshold, silence, confirm, preRoll, echoTail, duckDecibels, longestQuestion);
    }
  }
}
