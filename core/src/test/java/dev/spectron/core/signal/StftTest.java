package dev.spectron.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.ShapeException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StftTest {
  private static final long SEED = 7;

  @ParameterizedTest
  @CsvSource({
    "16, 16, 4, 100",
    "16, 9, 3, 50",
    "64, 40, 10, 333",
    "64, 40, 10, 20",
    "64, 40, 10, 5",
    "64, 40, 10, 2",
    "64, 40, 10, 1",
    "64, 40, 10, 0",
    "2048, 800, 200, 1999"
  })
  void everyFrameIsTheWindowedDftOfTheReflectedSignal(int nFft, int winLength, int hop, int size) {
    float[] samples = noise(size);
    Stft stft = new Stft(nFft, winLength, hop);
    ComplexSpectrogram found = stft.transform(samples);
    assertThat(found.time()).isEqualTo(1 + size / hop);
    for (int t = 0; t < found.time(); t++) {
      for (int k = 0; k < found.bins(); k += Math.max(1, found.bins() / 17)) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < nFft; i++) {
          int inWindow = i - (nFft - winLength) / 2;
          if (inWindow >= 0 && inWindow < winLength) {
            double window = Math.pow(Math.sin(Math.PI * inWindow / winLength), 2);
            double x = window * mirrored(samples, t * hop + i - nFft / 2);
            re += x * Math.cos(2 * Math.PI * k * i / nFft);
            im -= x * Math.sin(2 * Math.PI * k * i / nFft);
          }
        }
        assertThat((double) found.re()[t * found.bins() + k]).isCloseTo(re, within(2e-4));
        assertThat((double) found.im()[t * found.bins() + k]).isCloseTo(im, within(2e-4));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"16, 16, 4, 100", "64, 40, 10, 330", "64, 33, 7, 201", "2048, 800, 200, 16001"})
  void inverseUndoesTransform(int nFft, int winLength, int hop, int size) {
    float[] samples = noise(size);
    Stft stft = new Stft(nFft, winLength, hop);
    float[] back = stft.inverse(stft.transform(samples), size);
    for (int i = 0; i < size; i++) {
      assertThat(back[i]).as("sample %d, seed %d", i, SEED).isCloseTo(samples[i], within(1e-4f));
    }
  }

  @Test
  void powerIsTheSquareOfMagnitudeAndMagnitudeThatOfTheComplexParts() {
    float[] samples = noise(500);
    Stft stft = new Stft(64, 40, 10);
    float[] magnitude = stft.magnitude(samples);
    float[] power = stft.power(samples);
    float[] ofParts = stft.transform(samples).magnitude();
    assertThat(magnitude).hasSize(51 * 33).isEqualTo(ofParts);
    for (int i = 0; i < power.length; i++) {
      assertThat(power[i]).isEqualTo(magnitude[i] * magnitude[i]);
    }
  }

  @Test
  void threadsShareOneInstance() {
    float[] samples = noise(4000);
    Stft stft = new Stft(256, 200, 50);
    float[] expected = stft.magnitude(samples);
    assertThat(
            java.util.stream.IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> stft.magnitude(samples))
                .toList())
        .allSatisfy(magnitude -> assertThat(magnitude).isEqualTo(expected));
  }

  @Test
  void aSpectrogramOfAnotherSizeIsRefused() {
    Stft stft = new Stft(16, 16, 4);
    ComplexSpectrogram spectrogram = new ComplexSpectrogram(5, new float[10], new float[10]);
    assertThatThrownBy(() -> stft.inverse(spectrogram, 4))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "stft inverse: expected 9 bins and frames for 4 samples, found [2, 5] at hop 4");
  }

  @Test
  void moreSamplesThanTheFramesCoverAreRefused() {
    Stft stft = new Stft(16, 16, 4);
    ComplexSpectrogram spectrogram = new ComplexSpectrogram(9, new float[18], new float[18]);
    assertThatThrownBy(() -> stft.inverse(spectrogram, 9))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "stft inverse: expected 9 bins and frames for 9 samples, found [2, 9] at hop 4");
  }

  @ParameterizedTest
  @CsvSource({"16, 17, 4", "16, 0, 4", "16, 8, 9", "16, 8, 0"})
  void sizesThatDoNotFitEachOtherAreRefused(int nFft, int winLength, int hop) {
    assertThatThrownBy(() -> new Stft(nFft, winLength, hop))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "stft: expected 1 <= hop_length <= win_length <= n_fft, found %d, %d, %d"
                .formatted(hop, winLength, nFft));
  }

  private static double mirrored(float[] samples, int index) {
    if (samples.length < 2) {
      return samples.length == 0 ? 0 : samples[0];
    }
    int i = index;
    while (i < 0 || i >= samples.length) {
      i = i < 0 ? -i : 2 * (samples.length - 1) - i;
    }
    return samples[i];
  }

  private static float[] noise(int size) {
    Random random = new Random(SEED);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
