package dev.spectron.audio;

import dev.spectron.core.signal.Waveform;
import java.util.Arrays;

/**
 * Changes the rate of sound that comes in pieces. The pieces that come out are, one after the
 * other, what {@link Resampler#resample(Waveform)} makes of the whole, sample for sample; they lag
 * behind by the reach of the filter, 4 ms at 16 kHz if the rate goes up. Not safe for several
 * threads.
 */
public final class ResamplerStream {
  private final Resampler resampler;
  private final int from;

  /** Input from sample {@code origin} on, which is a multiple of {@link Resampler#down}. */
  private float[] kept = new float[0];

  private long origin;
  private long written;

  /**
   * A stream at its start.
   *
   * @param from rate of the input, Hz, above 0
   * @param to rate of the output, Hz, above 0
   */
  public ResamplerStream(int from, int to) {
    this.resampler = new Resampler(from, to);
    this.from = from;
  }

  /** What can be said after this much input; may be empty. */
  public float[] next(float[] samples) {
    append(samples);
    long known = origin + kept.length;
    // output n needs input up to ⌊n · down / up⌋ + reach
    long end = Math.ceilDiv((known - resampler.reach()) * resampler.up(), resampler.down());
    float[] piece = piece(Math.max(written, end));
    forget();
    return piece;
  }

  /** What is left when the input has ended. */
  public float[] last() {
    return piece(
        Math.ceilDiv((origin + kept.length) * resampler.up(), resampler.down())); // as the whole
  }

  private void append(float[] samples) {
    int had = kept.length;
    kept = Arrays.copyOf(kept, had + samples.length);
    System.arraycopy(samples, 0, kept, had, samples.length);
  }

  private float[] piece(long end) {
    if (end == written) {
      return new float[0];
    }
    float[] all = resampler.resample(new Waveform(kept, from)).samples();
    long first = origin / resampler.down() * resampler.up();
    float[] piece = Arrays.copyOfRange(all, (int) (written - first), (int) (end - first));
    written = end;
    return piece;
  }

  /** Drops input that no later output needs. */
  private void forget() {
    long needed = written * resampler.down() / resampler.up() - resampler.reach();
    long start = Math.max(origin, needed / resampler.down() * resampler.down());
    kept = Arrays.copyOfRange(kept, (int) (start - origin), kept.length);
    origin = start;
  }
}
