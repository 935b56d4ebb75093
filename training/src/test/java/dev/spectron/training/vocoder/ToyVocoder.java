package dev.spectron.training.vocoder;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.vocoder.VocoderRecipe.Adversary;
import dev.spectron.training.vocoder.VocoderRecipe.LossWeights;
import dev.spectron.training.vocoder.VocoderRecipe.Rates;
import dev.spectron.vocoder.wavefit.WaveFitConfig;
import java.util.List;

/** A vocoder of a few thousand parameters for the features of the toy model, on one thread. */
final class ToyVocoder {
  static final int CROP_FRAMES = 12;

  private ToyVocoder() {}

  static FeatureSpec features() {
    return new FeatureSpec(16_000, 512, 400, 200, 20, 20, 8000, 1e-3, Normalisation.none());
  }

  static WaveFitConfig config(int iterations) {
    return new WaveFitConfig(
        features(),
        iterations,
        8,
        4,
        List.of(4, 6),
        List.of(10, 5, 4),
        List.of(8, 6, 4),
        2,
        8,
        0,
        0);
  }

  static VocoderRecipe recipe(long steps, long adversaryFrom) {
    return recipe(steps, adversaryFrom, 2e-3);
  }

  static VocoderRecipe ofIterations(int iterations) {
    return recipe(config(iterations), 10, 2, 2e-3);
  }

  static VocoderRecipe recipe(long steps, long adversaryFrom, double rate) {
    return recipe(config(2), steps, adversaryFrom, rate);
  }

  private static VocoderRecipe recipe(
      WaveFitConfig config, long steps, long adversaryFrom, double rate) {
    return new VocoderRecipe(
        config,
        3,
        1,
        steps,
        2,
        CROP_FRAMES,
        new Rates(rate, 1, 1),
        new Adversary(adversaryFrom, new DiscriminatorConfig(2, 4, 16), new Rates(1e-3, 1, 1)),
        new LossWeights(1, 10, 2.5, 2.5, 1),
        10,
        60,
        2);
  }

  static VocoderData data(Corpus corpus) {
    return new VocoderData(corpus, Split.TRAIN, features(), CROP_FRAMES);
  }
}
