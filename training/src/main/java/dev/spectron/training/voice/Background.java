package dev.spectron.training.voice;

import java.util.List;
import java.util.SplittableRandom;

/** What is heard behind the speaker. */
public enum Background {
  /** The same power at every frequency. */
  WHITE("white noise"),
  /** Most of its power at low frequencies, as a room or a road has. */
  LOW("low noise"),
  /** 50 Hz and its harmonics, and a little white noise. */
  HUM("mains hum"),
  /** Clicks of 5 ms, three a second at random. */
  CLICKS("clicks"),
  /** Six other speakers at once. */
  BABBLE("six voices");

  private static final int VOICES = 6;
  private static final float LOW_POLE = 0.95f;
  private static final int HUM_HERTZ = 50;
  private static final int HARMONICS = 10;
  private static final double CLICKS_A_SECOND = 3;
  private static final double CLICK_SECONDS = 0.005;

  private final String label;

  Background(String label) {
    this.label = label;
  }

  /** Name in tables. */
  public String label() {
    return label;
  }

  /**
   * Makes some, with a mean square of 1.
   *
   * @param length samples
   * @param rate Hz
   * @param others recordings of other speakers, at least one if it is to be babble
   */
  float[] make(int length, int rate, List<float[]> others, SplittableRandom random) {
    float[] noise = new float[length];
    switch (this) {
      case WHITE -> white(noise, 1, random);
      case LOW -> low(noise, random);
      case HUM -> hum(noise, rate, random);
      case CLICKS -> clicks(noise, rate, random);
      case BABBLE -> babble(noise, others, random);
    }
    double sum = 0;
    for (float sample : noise) {
      sum += (double) sample * sample;
    }
    float scale = (float) (1 / Math.sqrt(Math.max(sum / length, Double.MIN_NORMAL)));
    for (int i = 0; i < length; i++) {
      noise[i] *= scale;
    }
    return noise;
  }

  private static void white(float[] noise, float scale, SplittableRandom random) {
    for (int i = 0; i < noise.length; i++) {
      noise[i] += scale * (float) random.nextGaussian();
    }
  }

  private static void low(float[] noise, SplittableRandom random) {
    float last = 0;
    for (int i = 0; i < noise.length; i++) {
      last = LOW_POLE * last + (float) random.nextGaussian();
      noise[i] = last;
    }
  }

  private static void hum(float[] noise, int rate, SplittableRandom random) {
    for (int harmonic = 1; harmonic <= HARMONICS; harmonic++) {
      double phase = random.nextDouble(2 * Math.PI);
      double step = 2 * Math.PI * HUM_HERTZ * harmonic / rate;
      for (int i = 0; i < noise.length; i++) {
        noise[i] += (float) (Math.sin(phase + step * i) / harmonic);
      }
    }
    white(noise, 0.03f, random);
  }

  private static void clicks(float[] noise, int rate, SplittableRandom random) {
    int length = (int) (CLICK_SECONDS * rate);
    double share = CLICKS_A_SECOND / rate;
    for (int at = 0; at < noise.length; at++) {
      if (random.nextDouble() < share) {
        for (int i = 0; i < length && at + i < noise.length; i++) {
          noise[at + i] += (float) (random.nextGaussian() * Math.exp(-4.0 * i / length));
        }
      }
    }
    white(noise, 0.001f, random);
  }

  private static void babble(float[] noise, List<float[]> others, SplittableRandom random) {
    for (int voice = 0; voice < VOICES; voice++) {
      float[] other = others.get(random.nextInt(others.size()));
      int start = random.nextInt(other.length);
      double power = 0;
      for (float sample : other) {
        power += (double) sample * sample;
      }
      float scale = (float) (1 / Math.sqrt(Math.max(power / other.length, Double.MIN_NORMAL)));
      for (int i = 0; i < noise.length; i++) {
        noise[i] += scale * other[(start + i) % other.length];
      }
    }
  }
}
