package dev.spectron.training.loss;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.MelFilterBank;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.djl.DjlBackend;
import java.util.List;

/**
 * Differences between two waveforms in |STFT| at several resolutions, and in the log-mel a vocoder
 * is given. With S and Ŝ the magnitudes of target and prediction:
 *
 * <pre>
 * convergence = ‖S − Ŝ‖ / ‖S‖        magnitude = mean |ln S − ln Ŝ|
 * </pre>
 *
 * both averaged over the resolutions. Source: Yamamoto et al. 2020, Parallel WaveGAN, arXiv
 * 1910.11480, section 2.2.
 */
public final class StftLoss {
  /**
   * Powers below count as this one, some 80 dB below a loud vowel: nobody hears what is beneath,
   * and the logarithm's slope there would drown that of the speech.
   */
  private static final float LEAST_POWER = 1e-5f;

  private static final List<Resolution> RESOLUTIONS =
      List.of(
          new Resolution(512, 240, 50),
          new Resolution(1024, 600, 100),
          new Resolution(2048, 1200, 200));

  private final DjlBackend backend;
  private final FeatureSpec spec;
  private final float[] melFilters;

  private record Resolution(int nFft, int winLength, int hopLength) {}

  /**
   * Losses at windows of 15, 37.5 and 75 ms for 16 kHz.
   *
   * @param spec features of the log-mel loss
   */
  public StftLoss(DjlBackend backend, FeatureSpec spec) {
    this.backend = backend;
    this.spec = spec;
    this.melFilters = new MelFilterBank(spec).toArray();
  }

  /** Fewest samples of a waveform: more than half the largest window. */
  public static int fewestSamples() {
    return RESOLUTIONS.getLast().nFft / 2 + 1;
  }

  /**
   * The spectra of a waveform, in the scope they were made in.
   *
   * @param magnitudes by resolution, {@code [batch, time_i, bins_i]}
   * @param logMel {@code [batch, time, n_mels]}
   */
  public record Spectra(List<NDArray> magnitudes, NDArray logMel) {}

  /**
   * Two waveforms' differences, one value each.
   *
   * @param convergence spectral convergence
   * @param magnitude of logarithms, nats
   * @param logMel mean absolute difference, nats
   */
  public record Difference(NDArray convergence, NDArray magnitude, NDArray logMel) {}

  /**
   * The spectra that predictions are compared to.
   *
   * @param x {@code [batch, samples, 1]}, at least {@link #fewestSamples()}
   */
  public Spectra spectra(Tensor x) {
    return new Spectra(
        RESOLUTIONS.stream().map(resolution -> magnitude(x, resolution)).toList(), logMel(x));
  }

  /** How far one waveform's spectra are from a target's. */
  public Difference between(Spectra predicted, Spectra target) {
    NDArray convergence = null;
    NDArray magnitude = null;
    for (int i = 0; i < RESOLUTIONS.size(); i++) {
      NDArray found = predicted.magnitudes.get(i);
      NDArray wanted = target.magnitudes.get(i);
      NDArray distance = found.sub(wanted).square().sum().div(wanted.square().sum()).sqrt();
      NDArray logarithms = found.log().sub(wanted.log()).abs().mean();
      convergence = i == 0 ? distance : convergence.add(distance);
      magnitude = i == 0 ? logarithms : magnitude.add(logarithms);
    }
    float share = 1f / RESOLUTIONS.size();
    return new Difference(
        convergence.mul(share),
        magnitude.mul(share),
        predicted.logMel.sub(target.logMel).abs().mean());
  }

  private NDArray magnitude(Tensor x, Resolution r) {
    return root(backend.powerSpectrogram(x, r.nFft, r.winLength, r.hopLength));
  }

  private NDArray logMel(Tensor x) {
    NDArray magnitude =
        root(backend.powerSpectrogram(x, spec.nFft(), spec.winLength(), spec.hopLength()));
    NDArray filters =
        backend.array(backend.upload(melFilters, Shape.of(spec.nMels(), spec.nFft() / 2 + 1)));
    return magnitude.matMul(filters.transpose()).maximum((float) spec.floor()).log();
  }

  private NDArray root(Tensor power) {
    return backend.array(power).maximum(LEAST_POWER).sqrt();
  }
}
