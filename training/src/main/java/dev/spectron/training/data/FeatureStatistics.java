package dev.spectron.training.data;

import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import java.util.ArrayList;
import java.util.List;

/** Collects mean and deviation of each mel bin. */
public final class FeatureStatistics {
  private final double[] sum;
  private final double[] squares;
  private long count;

  /** Nothing collected yet. */
  public FeatureStatistics(int nMels) {
    this.sum = new double[nMels];
    this.squares = new double[nMels];
  }

  /** Adds all frames of a spectrogram. */
  public void add(LogMel logMel) {
    float[] frames = logMel.frames();
    for (int i = 0; i < frames.length; i++) {
      sum[i % sum.length] += frames[i];
      squares[i % sum.length] += (double) frames[i] * frames[i];
    }
    count += logMel.time();
  }

  /** The statistics of what was added, at least one frame. */
  public Normalisation normalisation() {
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (int bin = 0; bin < sum.length; bin++) {
      double m = sum[bin] / count;
      mean.add((float) m);
      deviation.add((float) Math.sqrt(Math.max(squares[bin] / count - m * m, 1e-4)));
    }
    return new Normalisation(mean, deviation);
  }
}
