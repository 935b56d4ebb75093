package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
  @ParameterizedTest
  @CsvSource({
    "8000, 16000, 440",
    "11025, 16000, 1000",
    "22050, 16000, 6000",
    "44100, 16000, 7000",
    "48000, 16000, 7150",
    "96000, 16000, 123.4",
    "192000, 16000, 3000",
    "16000, 48000, 7100",
    "44101, 16000, 5000",
    "767999, 16000, 2000",
    "100, 16000, 20"
  })
  void aSineKeepsItsShapeTo80Decibels(int from, int to, double hertz) {
    int samples = Math.max(from / 4, 300);
    float[] found = Resampler.resample(sine(hertz, from, samples), to).samples();
    assertThat(found).hasSize((int) Math.ceilDiv((long) samples * to, from));
    // The ends see the silence before and after the recording.
    int edge = (int) (70L * to / Math.min(from, to)) + 1;
    double signal = 0;
    double noise = 0;
    for (int n = edge; n < found.length - edge; n++) {
      double expected = Math.sin(2 * Math.PI * hertz * n / to);
      signal += expected * expected;
      noise += (found[n] - expected) * (found[n] - expected);
    }
    assertThat(10 * Math.log10(signal / noise)).isGreaterThan(80);
  }

  @ParameterizedTest
  @CsvSource({
    "48000, 16000, 8050", "48000, 16000, 12000", "48000, 16000, 20000", "44100, 16000, 8100",
    "44100, 16000, 15999", "22050, 16000, 9500", "96000, 16000, 40000", "44101, 16000, 9000"
  })
  void whatTheNewRateCannotHoldIsGoneBy90Decibels(int from, int to, double hertz) {
    float[] found = Resampler.resample(sine(hertz, from, from / 4), to).samples();
    double power = 0;
    int edge = 100;
    for (int n = edge; n < found.length - edge; n++) {
      power += (double) found[n] * found[n];
    }
    double relative = power / (found.length - 2 * edge) / 0.5;
    assertThat(10 * Math.log10(relative)).isLessThan(-90);
  }

  @ParameterizedTest
  @CsvSource({"8000, 16000", "44100, 16000", "48000, 16000", "16000, 44100", "44101, 16000"})
  void aConstantStaysTheSameConstant(int from, int to) {
    float[] samples = new float[from / 8];
    java.util.Arrays.fill(samples, 0.75f);
    float[] found = Resampler.resample(new Waveform(samples, from), to).samples();
    int edge = (int) (70L * to / Math.min(from, to)) + 1;
    for (int n = edge; n < found.length - edge; n++) {
      assertThat(found[n]).isCloseTo(0.75f, within(2e-6f));
    }
  }

  @ParameterizedTest
  @CsvSource({"44100, 16000", "8000, 16000", "44101, 16000", "16000, 8000"})
  void eachOutputIsTheSumOfTheFormula(int from, int to) {
    float[] x = sine(300, from, 200).samples();
    float[] found = Resampler.resample(new Waveform(x, from), to).samples();
    double scale = Math.min(1, to / (double) from);
    for (int n = 0; n < found.length; n++) {
      double sum = 0;
      double gain = 0;
      double centre = n * (double) from / to;
      for (int i = (int) centre - 200; i < centre + 200; i++) {
        double distance = Math.abs(i - centre) * scale;
        double h = distance >= 64 ? 0 : sinc(0.95 * distance) * kaiser(distance / 64);
        gain += h;
        sum += i >= 0 && i < x.length ? h * x[i] : 0;
      }
      assertThat((double) found[n]).as("output %d", n).isCloseTo(sum / gain, within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 48000, 0", "1, 48000, 1", "3, 48000, 1", "4, 48000, 2", "1, 8000, 2"})
  void lengthsAreRoundedUp(int samples, int from, int expected) {
    assertThat(Resampler.resample(new Waveform(new float[samples], from), 16_000).samples())
        .hasSize(expected);
  }

  @Test
  void theSameRateIsTheSameWaveform() {
    Waveform waveform = sine(440, 16_000, 100);
    assertThat(Resampler.resample(waveform, 16_000)).isSameAs(waveform);
    assertThat(new Resampler(16_000, 16_000).resample(waveform)).isSameAs(waveform);
  }

  @Test
  void aWaveformOfAnotherRateIsRefused() {
    Resampler resampler = new Resampler(48_000, 16_000);
    assertThatThrownBy(() -> resampler.resample(new Waveform(new float[1], 44_100)))
        .isInstanceOf(AudioException.class)
        .hasMessage("resampler: expected 48000 Hz, found 44100 Hz; make one for that rate");
  }

  @Test
  void aResultTooLongForAnArrayIsRefused() {
    Waveform waveform = new Waveform(new float[200_000], 1);
    assertThatThrownBy(() -> Resampler.resample(waveform, 16_000))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            "resampler: 200000 samples at 1 Hz make 3200000000 at 16000 Hz, too many;"
                + " cut the recording into pieces");
  }

  @Test
  void ratesBelowOneAreRefused() {
    assertThatThrownBy(() -> new Resampler(0, 16_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resampler: expected positive rates, found 0 Hz to 16000 Hz");
  }

  private static Waveform sine(double hertz, int rate, int size) {
    float[] samples = new float[size];
    for (int i = 0; i < size; i++) {
      samples[i] = (float) Math.sin(2 * Math.PI * hertz * i / rate);
    }
    return new Waveform(samples, rate);
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }

  /** The window by the integral that defines the Bessel function, not by its series. */
  private static double kaiser(double edge) {
    return bessel(10.06 * Math.sqrt(1 - edge * edge)) / bessel(10.06);
  }

  private static double bessel(double x) {
    double sum = 0;
    int steps = 64;
    for (int i = 0; i < steps; i++) {
      sum += Math.exp(x * Math.cos(Math.PI * (i + 0.5) / steps));
    }
    return sum / steps;
  }
}
