package dev.spectron.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.MelFilterBank;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Stft;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StftLossTest {
  private static final int SAMPLES = 2_000;
  private static final FeatureSpec SPEC =
      new FeatureSpec(16_000, 1024, 800, 200, 40, 20, 8000, 1e-3, Normalisation.none());
  private static final int[][] RESOLUTIONS = {{512, 240, 50}, {1024, 600, 100}, {2048, 1200, 200}};

  private final DjlBackend backend = DjlBackend.open(DjlOptions.training(1).withThreads(1));
  private final StftLoss loss = new StftLoss(backend, SPEC);

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void itIsWhatTheSlowTransformSays() {
    float[] made = noise(1, 0.1);
    float[] speech = noise(2, 0.3);
    double convergence = 0;
    double magnitude = 0;
    for (int[] sizes : RESOLUTIONS) {
      Stft stft = new Stft(sizes[0], sizes[1], sizes[2]);
      float[] found = stft.magnitude(made);
      float[] wanted = stft.magnitude(speech);
      double error = 0;
      double energy = 0;
      double logarithms = 0;
      for (int i = 0; i < found.length; i++) {
        error += Math.pow(found[i] - wanted[i], 2);
        energy += Math.pow(wanted[i], 2);
        logarithms += Math.abs(Math.log(least(found[i])) - Math.log(least(wanted[i])));
      }
      convergence += Math.sqrt(error / energy) / RESOLUTIONS.length;
      magnitude += logarithms / found.length / RESOLUTIONS.length;
    }
    try (Scope _ = backend.openScope()) {
      StftLoss.Difference difference =
          loss.between(loss.spectra(upload(made)), loss.spectra(upload(speech)));
      assertThat(difference.convergence().getFloat()).isCloseTo((float) convergence, within(1e-4f));
      assertThat(difference.magnitude().getFloat()).isCloseTo((float) magnitude, within(1e-4f));
      assertThat(difference.logMel().getFloat())
          .isCloseTo((float) logMelDistance(made, speech), within(1e-4f));
    }
  }

  @Test
  void silenceAgainstSilenceIsNothingAndHasAGradient() {
    backend.weight(WeightData.of("x", Shape.of(1, SAMPLES, 1), new float[SAMPLES]));
    try (Scope _ = backend.openScope()) {
      NDArray silence = backend.array(upload(new float[SAMPLES]));
      Tensor made = backend.wrap(silence.add(backend.parameters().get("x")));
      StftLoss.Difference difference =
          loss.between(loss.spectra(made), loss.spectra(upload(new float[SAMPLES])));
      assertThat(difference.magnitude().getFloat()).isZero();
      backend.gradients().backward(difference.magnitude().add(difference.logMel()));
      for (float slope : backend.gradients().arrays().get("x").toFloatArray()) {
        assertThat(slope).isFinite();
      }
    }
  }

  private static double logMelDistance(float[] made, float[] speech) {
    Stft stft = new Stft(SPEC);
    MelFilterBank filters = new MelFilterBank(SPEC);
    float[] found = stft.magnitude(made);
    float[] wanted = stft.magnitude(speech);
    int time = found.length / stft.bins();
    float[] a = new float[SPEC.nMels()];
    float[] b = new float[SPEC.nMels()];
    double sum = 0;
    for (int t = 0; t < time; t++) {
      filters.apply(frame(found, t, stft.bins()), a, 0);
      filters.apply(frame(wanted, t, stft.bins()), b, 0);
      for (int m = 0; m < a.length; m++) {
        sum += Math.abs(Math.log(Math.max(a[m], 1e-3)) - Math.log(Math.max(b[m], 1e-3)));
      }
    }
    return sum / time / a.length;
  }

  private static float[] frame(float[] magnitudes, int t, int bins) {
    return Arrays.copyOfRange(magnitudes, t * bins, (t + 1) * bins);
  }

  private static double least(float magnitude) {
    return Math.max(magnitude, Math.sqrt(1e-5));
  }

  private Tensor upload(float[] samples) {
    return backend.upload(samples, Shape.of(1, samples.length, 1));
  }

  private static float[] noise(long seed, double level) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] samples = new float[SAMPLES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (level * random.nextGaussian());
    }
    return samples;
  }
}
