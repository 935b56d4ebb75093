package dev.spectron.core.signal;

import dev.spectron.core.error.ShapeException;
import java.util.Arrays;

/**
 * A log-mel spectrogram, {@code [time, n_mels]}, raw (not normalised) natural logarithms. The array
 * is shared, not copied: treat it as read-only.
 *
 * @param frames row-major {@code [time, spec.nMels()]}
 * @param spec how it was made, and the normalisation a model expects
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by identity: nobody compares two spectrograms by value
public record LogMel(float[] frames, FeatureSpec spec) {
  /**
   * Checks the values.
   *
   * @throws ShapeException if the array is not a whole number of frames
   */
  public LogMel {
    if (frames.length % spec.nMels() != 0) {
      throw new ShapeException(
          "log-mel: expected a multiple of n_mels %d values, found %d"
              .formatted(spec.nMels(), frames.length));
    }
  }

  /** Number of frames. */
  public int time() {
    return frames.length / spec.nMels();
  }

  /** A copy of the frames {@code [from, to)}. */
  public LogMel slice(int from, int to) {
    return new LogMel(Arrays.copyOfRange(frames, from * spec.nMels(), to * spec.nMels()), spec);
  }

  /**
   * The values a model sees, row-major {@code [time, n_mels]}: (raw − mean) / deviation per bin,
   * over the training set or, as imported encoders have it, over this utterance.
   */
  public float[] normalised() {
    return switch (spec.frontEnd()) {
      case SPECTRON -> normalisedByTrainingSet();
      case KALDI -> normalisedByUtterance(1, 1e-7, 0);
      case PARAKEET -> normalisedByUtterance(1, 0, 1e-5);
      case WAVEFORM -> normalisedByUtterance(0, 1e-7, 0);
    };
  }

  /** (raw − mean) / (sqrt(Σ(raw − mean)² / (time − lost) + inside) + outside) per bin. */
  private float[] normalisedByUtterance(int lost, double inside, double outside) {
    float[] out = new float[frames.length];
    int time = time();
    for (int bin = 0; bin < spec.nMels(); bin++) {
      double mean = 0;
      for (int t = 0; t < time; t++) {
        mean += (double) frames[t * spec.nMels() + bin] / time;
      }
      double squares = 0;
      for (int t = 0; t < time; t++) {
        double d = frames[t * spec.nMels() + bin] - mean;
        squares += d * d;
      }
      double deviation = Math.sqrt(squares / Math.max(1, time - lost) + inside) + outside;
      for (int t = 0; t < time; t++) {
        int i = t * spec.nMels() + bin;
        out[i] = (float) ((frames[i] - mean) / deviation);
      }
    }
    return out;
  }

  private float[] normalisedByTrainingSet() {
    float[] out = frames.clone();
    if (!spec.normalisation().changesNothing()) {
      for (int i = 0; i < out.length; i++) {
        int bin = i % spec.nMels();
        out[i] =
            (out[i] - spec.normalisation().mean().get(bin))
                / spec.normalisation().deviation().get(bin);
      }
    }
    return out;
  }

  /**
   * The inverse of {@link #normalised()}.
   *
   * @param values row-major {@code [time, n_mels]}, as a model writes them
   */
  public static LogMel ofNormalised(float[] values, FeatureSpec spec) {
    float[] out = values.clone();
    if (!spec.normalisation().changesNothing()) {
      for (int i = 0; i < out.length; i++) {
        int bin = i % spec.nMels();
        out[i] =
            out[i] * spec.normalisation().deviation().get(bin)
                + spec.normalisation().mean().get(bin);
      }
    }
    return new LogMel(out, spec);
  }
}
