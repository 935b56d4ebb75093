package dev.spectron.training.eval.suite;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.Resampler;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.eval.MelCepstrum;

/**
 * Mean and covariance of the frames of some speech: mel-cepstra c₁ to c₁₃ of Spectron's standard
 * features, whatever the model's are, and their central differences, in decibels.
 */
final class SpeechMoments {
  private final LogMelExtractor extractor = new LogMelExtractor(FeatureSpec.spectron());
  private final Gaussian gaussian = new Gaussian();

  /** Takes in a clip. */
  void add(Waveform speech) {
    if (speech.samples().length == 0) {
      return;
    }
    Waveform resampled = Resampler.resample(speech, extractor.spec().sampleRate());
    double[][] cepstra = MelCepstrum.of(extractor.extract(resampled)).coefficients();
    for (int t = 0; t < cepstra.length; t++) {
      double[] before = cepstra[Math.max(0, t - 1)];
      double[] after = cepstra[Math.min(cepstra.length - 1, t + 1)];
      double[] frame = new double[2 * cepstra[t].length];
      for (int k = 0; k < cepstra[t].length; k++) {
        frame[k] = MelCepstrum.DECIBELS * cepstra[t][k];
        frame[cepstra[t].length + k] = MelCepstrum.DECIBELS * (after[k] - before[k]) / 2;
      }
      gaussian.add(frame);
    }
  }

  /** Fréchet distance to other speech, decibels squared. */
  double distance(SpeechMoments other) {
    return gaussian.frechetDistance(other.gaussian);
  }
}
