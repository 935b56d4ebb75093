package dev.spectron.vocoder.griffinlim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.signal.ComplexSpectrogram;
import dev.spectron.core.signal.Stft;
import dev.spectron.vocoder.Voice;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakPhasesTest {
  private static final Stft STFT = new Stft(256, 200, 50);
  private static final PeakPhases PHASES = new PeakPhases(STFT.bins(), STFT.hopLength());

  @ParameterizedTest
  @ValueSource(doubles = {5, 20.25, 20.5, 77.7})
  void aSteadyToneNeedsNoIterations(double bin) {
    float[] tone = new float[8000];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * bin * i / 256));
    }
    float[] magnitude = STFT.magnitude(tone);
    float[] signal = STFT.inverse(PHASES.start(magnitude), tone.length);
    // The first and last frame hold a reflected tone, which has no steady phase.
    float peak = 0;
    for (int i = 1000; i < 7000; i++) {
      peak = Math.max(peak, Math.abs(signal[i]));
    }
    assertThat(peak).isBetween(0.45f, 0.52f);
  }

  @Test
  void theyBeginFarCloserThanNoPhasesAtAll() {
    float[] samples = Voice.samples(16_000, 16_000, 1);
    float[] magnitude = STFT.magnitude(samples);
    ComplexSpectrogram none =
        new ComplexSpectrogram(STFT.bins(), magnitude.clone(), new float[magnitude.length]);
    double unguided = error(none, magnitude);
    assertThat(error(PHASES.start(magnitude), magnitude)).isLessThan(0.6 * unguided);
  }

  @Test
  void magnitudesAreKept() {
    float[] magnitude = STFT.magnitude(Voice.samples(5000, 16_000, 2));
    float[] kept = PHASES.start(magnitude).magnitude();
    assertThat(Voice.largestDifference(kept, magnitude)).isLessThan(1e-4);
  }

  @Test
  void knownPhasesAreKeptAndGoneOnFrom() {
    // A tone of the middle of the signal, where its phase is nothing that a start could guess.
    float[] tone = new float[8000];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * 20 * (i + 3) / 256));
    }
    ComplexSpectrogram truth = STFT.transform(tone);
    int known = 30 * STFT.bins();
    ComplexSpectrogram first =
        new ComplexSpectrogram(
            STFT.bins(), Arrays.copyOf(truth.re(), known), Arrays.copyOf(truth.im(), known));
    float[] signal = STFT.inverse(PHASES.start(truth.magnitude(), first), tone.length);
    for (int i = 1000; i < 2500; i++) {
      assertThat(signal[i]).as("sample %d", i).isCloseTo(tone[i], within(0.1f));
    }
  }

  @Test
  void silencePlateausAndPeaksAtTheEdgesAreFine() {
    float[] magnitude = new float[5 * STFT.bins()];
    magnitude[STFT.bins()] = 1; // first bin of frame 1
    magnitude[3 * STFT.bins() - 1] = 1; // last bin of frame 2
    Arrays.fill(magnitude, 3 * STFT.bins(), 4 * STFT.bins(), 1);
    float[] kept = PHASES.start(magnitude).magnitude();
    assertThat(Voice.largestDifference(kept, magnitude)).isLessThan(1e-6);
  }

  private static double error(ComplexSpectrogram start, float[] magnitude) {
    float[] signal = STFT.inverse(start, (start.time() - 1) * STFT.hopLength());
    return Voice.distance(STFT.magnitude(signal), magnitude);
  }
}
