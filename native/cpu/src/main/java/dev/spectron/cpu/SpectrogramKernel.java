package dev.spectron.cpu;

import dev.spectron.core.signal.Stft;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Power spectrograms by {@link Stft}, the frames shared out among the team. */
final class SpectrogramKernel {
  private final CpuTeam team;
  private final Map<Sizes, Stft> transforms = new HashMap<>();

  SpectrogramKernel(CpuTeam team) {
    this.team = team;
  }

  /**
   * Computes |STFT|² of one signal.
   *
   * @param x holds {@code samples} samples from {@code first} on
   * @param y {@code [frames, bins]} from {@code to} on
   */
  void power(float[] x, int first, int samples, Sizes sizes, float[] y, int to) {
    Stft stft =
        transforms.computeIfAbsent(sizes, s -> new Stft(s.nFft(), s.winLength(), s.hopLength()));
    float[] signal = Arrays.copyOfRange(x, first, first + samples);
    int bins = stft.bins();
    team.split(
        stft.frames(samples),
        20L * sizes.nFft(),
        (firstFrame, end, _) -> {
          Stft.Workspace workspace = stft.workspace();
          for (int t = firstFrame; t < end; t++) {
            stft.frame(signal, t, workspace);
            float[] re = workspace.re();
            float[] im = workspace.im();
            int at = to + t * bins;
            for (int bin = 0; bin < bins; bin++) {
              y[at + bin] = re[bin] * re[bin] + im[bin] * im[bin];
            }
          }
        });
  }

  /** Sizes of a transform, samples. */
  record Sizes(int nFft, int winLength, int hopLength) {}
}
