package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.CheckedBackend;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.vocoder.Voice;
import java.util.List;
import java.util.SplittableRandom;

/** A WaveFit of a few thousand parameters, every part in it. */
final class Toy {
  private Toy() {}

  static WaveFitConfig config() {
    return config(0, 0);
  }

  static WaveFitConfig config(int phaseIterations, int polishIterations) {
    return new WaveFitConfig(
        Voice.toyFeatures(),
        3,
        6,
        4,
        List.of(4, 6),
        List.of(3, 2, 2),
        List.of(6, 5, 4),
        2,
        6,
        phaseIterations,
        polishIterations);
  }

  static Backend backend() {
    return new CheckedBackend(new ReferenceBackend());
  }

  static WeightScope weights(Backend backend, long seed) {
    return WeightScope.of(backend, new RandomWeights(seed));
  }

  static WaveFit waveFit(Backend backend, long seed) {
    return WaveFit.load(config(), Voice.toyFeatures(), weights(backend, seed));
  }

  /** One whose generator changes the waveform from the start, as a trained one does. */
  static WaveFit loudWaveFit(Backend backend, int phaseIterations, long seed) {
    return loudWaveFit(backend, config(phaseIterations, 0), seed);
  }

  static WaveFit loudWaveFit(Backend backend, WaveFitConfig config, long seed) {
    RandomWeights random = new RandomWeights(seed);
    WeightScope weights =
        WeightScope.of(
            backend,
            (path, shape, init) ->
                random.read(path, shape, path.equals("output.weight") ? Init.normal(0.05) : init));
    return WaveFit.load(config, Voice.toyFeatures(), weights);
  }

  static Tensor normal(Backend backend, long seed, int... sizes) {
    return backend.upload(normal(seed, Shape.of(sizes).arrayLength()), Shape.of(sizes));
  }

  static float[] normal(long seed, int size) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
