package dev.spectron.training.corpus;

import java.util.SplittableRandom;

/**
 * Disturbances of a clip. Each is a pure function of the samples and a random source, equal on
 * every machine.
 */
public final class Effects {
  private static final int ROOM_ECHOES = 160;
  private static final int BAND_HALF_WIDTH = 127;
  private static final double BAND_LOW_HZ = 250;
  private static final double BAND_HIGH_HZ = 3600;

  private Effects() {}

  /** Mean square; 0 for no samples. */
  public static double power(float[] x) {
    double sum = 0;
    for (float sample : x) {
      sum += (double) sample * sample;
    }
    return x.length == 0 ? 0 : sum / x.length;
  }

  /**
   * Adds coloured noise.
   *
   * @param x samples, silence included
   * @param speechPower mean square of the speech part
   * @param snrDb speech power over noise power, dB
   */
  public static float[] addNoise(
      float[] x, double speechPower, double snrDb, SplittableRandom random) {
    float[] noise = colouredNoise(x.length, random.nextDouble(0, 0.95), random);
    double wanted = speechPower * StrictMath.pow(10, -snrDb / 10);
    double scale = Math.sqrt(wanted / Math.max(power(noise), Double.MIN_NORMAL));
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) (x[i] + scale * noise[i]);
    }
    return y;
  }

  /**
   * Plays the sound in a small room: the direct path, then echoes at random instants whose level
   * falls by 60 dB within the reverberation time. The length stays.
   *
   * @param reverberationSeconds time to fall by 60 dB, seconds
   * @param directDb power of the direct path over all echoes, dB
   */
  public static float[] room(
      float[] x,
      int sampleRate,
      double reverberationSeconds,
      double directDb,
      SplittableRandom random) {
    int[] delays = new int[ROOM_ECHOES];
    double[] gains = new double[ROOM_ECHOES];
    double power = 0;
    for (int i = 0; i < ROOM_ECHOES; i++) {
      double seconds = random.nextDouble(0.002, reverberationSeconds);
      double level = StrictMath.pow(10, -3 * seconds / reverberationSeconds);
      delays[i] = (int) (seconds * sampleRate);
      gains[i] = random.nextBoolean() ? level : -level;
      power += level * level;
    }
    double scale = StrictMath.pow(10, -directDb / 20) / Math.sqrt(power);
    float[] y = x.clone();
    for (int i = 0; i < ROOM_ECHOES; i++) {
      float gain = (float) (gains[i] * scale);
      for (int n = delays[i]; n < x.length; n++) {
        y[n] += gain * x[n - delays[i]];
      }
    }
    return y;
  }

  /**
   * Keeps 250 Hz to 3,600 Hz: the difference of two Hamming-windowed sinc low-passes, without
   * delay.
   */
  public static float[] bandLimit(float[] x, int sampleRate) {
    float[] taps = bandTaps(BAND_LOW_HZ / sampleRate, BAND_HIGH_HZ / sampleRate);
    float[] y = new float[x.length];
    for (int n = 0; n < x.length; n++) {
      int first = Math.max(0, n - BAND_HALF_WIDTH);
      int last = Math.min(x.length - 1, n + BAND_HALF_WIDTH);
      float sum = 0;
      for (int k = first; k <= last; k++) {
        sum += x[k] * taps[k - n + BAND_HALF_WIDTH];
      }
      y[n] = sum;
    }
    return y;
  }

  private static float[] bandTaps(double low, double high) {
    float[] taps = new float[2 * BAND_HALF_WIDTH + 1];
    for (int i = 0; i < taps.length; i++) {
      int k = i - BAND_HALF_WIDTH;
      double ideal =
          k == 0
              ? 2 * (high - low)
              : (StrictMath.sin(2 * StrictMath.PI * high * k)
                      - StrictMath.sin(2 * StrictMath.PI * low * k))
                  / (StrictMath.PI * k);
      double hamming = 0.54 + 0.46 * StrictMath.cos(StrictMath.PI * k / BAND_HALF_WIDTH);
      taps[i] = (float) (ideal * hamming);
    }
    return taps;
  }

  private static float[] colouredNoise(int length, double smoothing, SplittableRandom random) {
    float[] noise = new float[length];
    double value = 0;
    for (int i = 0; i < length; i++) {
      value = smoothing * value + random.nextDouble(-1, 1);
      noise[i] = (float) value;
    }
    return noise;
  }
}
