package dev.spectron.vocoder;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.vocoder.griffinlim.GriffinLimVocoder;
import dev.spectron.vocoder.wavefit.WaveFit;

/** The closed list of vocoders. */
public final class Vocoders {
  private Vocoders() {}

  /**
   * The vocoder that {@code config} names.
   *
   * @param config kind and settings
   * @param spec the features the model answers with
   * @param weights root of the vocoder's weights; Griffin–Lim reads none
   * @throws BundleException if the vocoder needs other features
   */
  public static Vocoder load(VocoderConfig config, FeatureSpec spec, WeightScope weights) {
    return new CheckedVocoder(
        switch (config.kind()) {
          case GRIFFIN_LIM -> {
            GriffinLimVocoder griffinLim = new GriffinLimVocoder(config.griffinLim(), spec);
            yield (_, logMel, _) -> griffinLim.synthesize(logMel);
          }
          case WAVEFIT -> WaveFit.load(config.wavefit(), spec, weights)::synthesize;
        },
        spec);
  }
}
