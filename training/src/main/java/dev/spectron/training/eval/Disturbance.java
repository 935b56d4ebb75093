package dev.spectron.training.eval;

import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Effects;
import java.util.SplittableRandom;

/** What can happen to a question between the speaker and the model. */
public enum Disturbance {
  /** Nothing. */
  CLEAN("none"),
  /** Coloured noise 20 dB below the speech. */
  NOISE_20("noise at 20 dB"),
  /** Coloured noise 10 dB below the speech. */
  NOISE_10("noise at 10 dB"),
  /** A room with 0.3 s of reverberation, the direct path 5 dB above it. */
  ROOM("room, 0.3 s"),
  /** A telephone line of 8 kHz. */
  LINE("8 kHz line"),
  /** 12 dB quieter. */
  QUIET("12 dB quieter"),
  /** 12 dB louder, clipped at full scale. */
  LOUD("12 dB louder"),
  /** A second of silence before the speech. */
  LATE("1 s of silence before"),
  /** Three quarters of the speaking rate. */
  SLOW("rate 0.75"),
  /** 1.3 times the speaking rate. */
  QUICK("rate 1.3");

  private static final double ROOM_SECONDS = 0.3;
  private static final double ROOM_DIRECT_DB = 5;
  private static final float FOUR_TIMES = 4; // 12 dB

  private final String label;

  Disturbance(String label) {
    this.label = label;
  }

  /** Name in tables. */
  public String label() {
    return label;
  }

  /**
   * The question as it arrives.
   *
   * @param seed of noise and room
   */
  public Waveform apply(Waveform question, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = question.samples();
    int rate = question.sampleRate();
    return switch (this) {
      case CLEAN -> question;
      case NOISE_20 -> of(Effects.addNoise(x, Effects.power(x), 20, random), rate);
      case NOISE_10 -> of(Effects.addNoise(x, Effects.power(x), 10, random), rate);
      case ROOM -> of(Effects.room(x, rate, ROOM_SECONDS, ROOM_DIRECT_DB, random), rate);
      case LINE -> of(Effects.bandLimit(x, rate), rate);
      case QUIET -> of(scaled(x, 1 / FOUR_TIMES), rate);
      case LOUD -> of(scaled(x, FOUR_TIMES), rate);
      case LATE -> of(late(x, rate), rate);
      case SLOW -> TimeStretch.of(question, 0.75);
      case QUICK -> TimeStretch.of(question, 1.3);
    };
  }

  private static Waveform of(float[] samples, int rate) {
    return new Waveform(samples, rate);
  }

  private static float[] scaled(float[] x, float factor) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.clamp(factor * x[i], -1f, 1f);
    }
    return y;
  }

  private static float[] late(float[] x, int samples) {
    float[] y = new float[samples + x.length];
    System.arraycopy(x, 0, y, samples, x.length);
    return y;
  }
}
