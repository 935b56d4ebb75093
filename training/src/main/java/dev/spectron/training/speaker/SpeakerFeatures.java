package dev.spectron.training.speaker;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.Resampler;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;

/**
 * What a speaker encoder hears: the speech at a common level, without its pauses, and each mel bin
 * without its mean over the clip, which is as much the microphone's as the speaker's. So neither
 * level nor the length of silences matters. Thread-safe.
 */
final class SpeakerFeatures {
  /** Least speech, seconds, that says anything about who speaks. */
  static final double LEAST_SECONDS = 0.3;

  private static final double COMMON_RMS = 0.07;
  private static final double QUIETEST_RMS = 1e-6;
  private static final double PAUSE_BELOW_LOUDEST = 35 * Math.log(10) / 20; // 35 dB in nats

  private final LogMelExtractor extractor;

  SpeakerFeatures(FeatureSpec spec) {
    this.extractor = new LogMelExtractor(spec);
  }

  FeatureSpec spec() {
    return extractor.spec();
  }

  /**
   * The frames with speech, not yet centred.
   *
   * @param speech any rate and level
   * @return {@code [time, n_mels]}, at least {@link #LEAST_SECONDS}
   * @throws AudioException if there is less speech than that, or a sample is not finite
   */
  LogMel speech(Waveform speech) {
    Waveform resampled = Resampler.resample(speech, spec().sampleRate());
    LogMel speaking = withoutPauses(extractor.extract(levelled(resampled)));
    int fewest = (int) Math.ceil(LEAST_SECONDS * spec().frameRate());
    if (speaking.time() < fewest) {
      throw new AudioException(
          "speaker: expected at least %s s of speech, found %.2f s; give a longer recording"
              .formatted(LEAST_SECONDS, speaking.time() / spec().frameRate()));
    }
    return speaking;
  }

  /**
   * Takes the mean of each bin away.
   *
   * @return row-major {@code [time, n_mels]}
   */
  static float[] centred(LogMel logMel) {
    int nMels = logMel.spec().nMels();
    float[] values = logMel.frames().clone();
    for (int bin = 0; bin < nMels; bin++) {
      double sum = 0;
      for (int i = bin; i < values.length; i += nMels) {
        sum += values[i];
      }
      float mean = (float) (sum / logMel.time());
      for (int i = bin; i < values.length; i += nMels) {
        values[i] -= mean;
      }
    }
    return values;
  }

  private static Waveform levelled(Waveform waveform) {
    double power = 0;
    for (float sample : waveform.samples()) {
      power += (double) sample * sample / waveform.samples().length;
    }
    if (power < QUIETEST_RMS * QUIETEST_RMS) {
      throw new AudioException("speaker: expected speech, found silence; check the recording");
    }
    double gain = COMMON_RMS / Math.sqrt(power); // NaN stays NaN, for the extractor to refuse
    float[] samples = new float[waveform.samples().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (waveform.samples()[i] * gain);
    }
    return new Waveform(samples, waveform.sampleRate());
  }

  private static LogMel withoutPauses(LogMel logMel) {
    int nMels = logMel.spec().nMels();
    double[] level = new double[logMel.time()];
    double loudest = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < level.length; t++) {
      double power = 0;
      for (int bin = 0; bin < nMels; bin++) {
        power += Math.exp(2 * logMel.frames()[t * nMels + bin]);
      }
      level[t] = 0.5 * Math.log(power);
      loudest = Math.max(loudest, level[t]);
    }
    float[] kept = new float[logMel.frames().length];
    int time = 0;
    for (int t = 0; t < level.length; t++) {
      if (level[t] >= loudest - PAUSE_BELOW_LOUDEST) {
        System.arraycopy(logMel.frames(), t * nMels, kept, time++ * nMels, nMels);
      }
    }
    return new LogMel(kept, logMel.spec()).slice(0, time);
  }
}
