package dev.spectron.vocoder.wavefit;

import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.griffinlim.GriffinLimConfig;
import dev.spectron.vocoder.griffinlim.GriffinLimVocoder;
import dev.spectron.vocoder.spectrum.MelInversion;
import java.util.random.RandomGenerator;

/** Where the fixed-point iteration begins: a waveform that has the spectrogram already, roughly. */
@FunctionalInterface
interface FirstWave {
  /**
   * A first waveform.
   *
   * @param logMel at least one frame, finite values
   * @param random decides whatever chance decides
   */
  Wave of(LogMel logMel, RandomGenerator random);

  /**
   * A waveform and the power it should have.
   *
   * @param samples {@code time · hopLength}
   * @param power mean square
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Wave(float[] samples, double power) {}

  /** The one a vocoder was trained with. */
  static FirstWave of(WaveFitConfig config) {
    return config.phaseIterations() == 0 ? shapedNoise(config) : retrievedPhases(config);
  }

  /** As in the paper. Its level is chance; the power is that of the smoothest magnitudes. */
  private static FirstWave shapedNoise(WaveFitConfig config) {
    MelInversion inversion = new MelInversion(config.features());
    NoiseShaper shaper = new NoiseShaper(config.features(), config.lifterOrder());
    return (logMel, random) -> {
      float[] magnitude = inversion.magnitude(inversion.mel(logMel));
      return new Wave(shaper.shape(magnitude, random), shaper.power(magnitude));
    };
  }

  /** A waveform whose mel values were fitted has the power already. */
  private static FirstWave retrievedPhases(WaveFitConfig config) {
    GriffinLimConfig settings =
        new GriffinLimConfig(config.phaseIterations(), GriffinLimConfig.standard().momentum());
    GriffinLimVocoder griffinLim = new GriffinLimVocoder(settings, config.features());
    return (logMel, _) -> {
      float[] samples = griffinLim.synthesize(logMel).samples();
      double power = 0;
      for (float sample : samples) {
        power += (double) sample * sample / samples.length;
      }
      return new Wave(samples, power);
    };
  }
}
