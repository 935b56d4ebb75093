package dev.spectron.vocoder.griffinlim;

import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.ComplexSpectrogram;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.GriffinLim;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Stft;
import dev.spectron.core.signal.Waveform;
import dev.spectron.vocoder.spectrum.MelInversion;
import java.util.Arrays;

/**
 * Speech without weights: magnitudes by {@link MelInversion}, first phases by {@link PeakPhases},
 * then fast Griffin–Lim. A mel value says nothing about the detail within its filter, so after a
 * quarter of the iterations that detail is no longer held at its smooth first guess: each iteration
 * takes it from the present signal and corrects only the mel values. That more than halves the
 * error in the log-mel of the result. Immutable and thread-safe.
 */
public final class GriffinLimVocoder {
  private final FeatureSpec spec;
  private final MelInversion inversion;
  private final PeakPhases phases;
  private final GriffinLim griffinLim;

  /** For log-mel spectrograms with the features {@code spec}. */
  public GriffinLimVocoder(GriffinLimConfig config, FeatureSpec spec) {
    this.spec = spec;
    this.inversion = new MelInversion(spec);
    this.phases = new PeakPhases(inversion.bins(), spec.hopLength());
    this.griffinLim = new GriffinLim(new Stft(spec), config.iterations(), config.momentum(), 0);
  }

  /**
   * A waveform that has this spectrogram.
   *
   * @param logMel {@code [time, n_mels]}, finite values; the same spectrogram gives the same
   *     samples
   * @return {@code time · hopLength} samples, not limited to [−1, 1]
   * @throws CapacityException if the spectrogram is too long to be held in memory
   */
  public Waveform synthesize(LogMel logMel) {
    return synthesize(logMel, Cancellation.never());
  }

  /**
   * {@link #synthesize(LogMel)} that can be given up.
   *
   * @param cancellation asked in every iteration
   */
  public Waveform synthesize(LogMel logMel, Cancellation cancellation) {
    return new Waveform(retrieve(logMel, new float[0], cancellation), spec.sampleRate());
  }

  /**
   * A waveform that has this spectrogram and goes on from a signal.
   *
   * @param known samples from the first frame on, at most {@code time · hopLength}: where the
   *     phases of the frames within come from
   * @return {@code time · hopLength} samples, also where they were known
   */
  float[] retrieve(LogMel logMel, float[] known) {
    return retrieve(logMel, known, Cancellation.never());
  }

  private float[] retrieve(LogMel logMel, float[] known, Cancellation cancellation) {
    float[] mel = inversion.mel(logMel);
    ComplexSpectrogram start = phases.start(inversion.magnitude(mel), within(known));
    return iterate(start, mel, griffinLim.iterations() / 4, cancellation);
  }

  /**
   * A waveform nearer to this spectrogram, from one that has it roughly.
   *
   * @param rough {@code time · hopLength} samples: where phases and detail come from
   * @return as many
   */
  float[] refine(LogMel logMel, float[] rough) {
    float[] mel = inversion.mel(logMel);
    ComplexSpectrogram all = griffinLim.stft().transform(rough);
    return iterate(first(all, logMel.time()), mel, 0, Cancellation.never());
  }

  /** Fast Griffin–Lim; from iteration {@code held} on, detail comes from the present signal. */
  private float[] iterate(
      ComplexSpectrogram start, float[] mel, int held, Cancellation cancellation) {
    int samples = Math.multiplyExact(start.time(), spec.hopLength());
    return griffinLim.synthesize(
        start,
        (iteration, consistent, magnitude) -> {
          cancellation.check();
          if (iteration >= held) {
            detail(consistent, magnitude);
            inversion.refine(magnitude, mel);
          }
        },
        samples);
  }

  /** The frames whose windows end before the signal does. */
  private ComplexSpectrogram within(float[] known) {
    ComplexSpectrogram all = griffinLim.stft().transform(known);
    int reach = Math.ceilDiv(spec.winLength(), 2);
    return first(all, Math.max(0, known.length - reach) / spec.hopLength());
  }

  private static ComplexSpectrogram first(ComplexSpectrogram all, int time) {
    int values = time * all.bins();
    return new ComplexSpectrogram(
        all.bins(), Arrays.copyOf(all.re(), values), Arrays.copyOf(all.im(), values));
  }

  /** The signal's magnitudes, a hair above 0 so that what is missing can grow back. */
  private static void detail(ComplexSpectrogram consistent, float[] magnitude) {
    float[] re = consistent.re();
    float[] im = consistent.im();
    for (int i = 0; i < magnitude.length; i++) {
      magnitude[i] = (float) Math.sqrt(re[i] * re[i] + im[i] * im[i]) + 1e-9f;
    }
  }
}
