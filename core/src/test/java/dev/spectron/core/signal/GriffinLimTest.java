package dev.spectron.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.ShapeException;
import org.junit.jupiter.api.Test;

class GriffinLimTest {
  private static final Stft STFT = new Stft(256, 200, 50);

  @Test
  void moreIterationsComeCloserToTheMagnitudes() {
    float[] magnitude = STFT.magnitude(glide(8000));
    double start = distance(magnitude, new GriffinLim(STFT, 0, 0.99f, 1));
    double few = distance(magnitude, new GriffinLim(STFT, 8, 0.99f, 1));
    double many = distance(magnitude, new GriffinLim(STFT, 64, 0.99f, 1));
    assertThat(few).isLessThan(0.6 * start);
    assertThat(many).isLessThan(0.6 * few);
  }

  @Test
  void momentumComesCloserInTheSameIterations() {
    float[] magnitude = STFT.magnitude(glide(8000));
    assertThat(distance(magnitude, new GriffinLim(STFT, 32, 0.99f, 3)))
        .isLessThan(distance(magnitude, new GriffinLim(STFT, 32, 0, 3)));
  }

  @Test
  void sameSeedSameSignalAndAnotherSeedAnother() {
    float[] magnitude = STFT.magnitude(glide(2000));
    float[] first = new GriffinLim(STFT, 4, 0.99f, 5).synthesize(magnitude, 2000);
    assertThat(new GriffinLim(STFT, 4, 0.99f, 5).synthesize(magnitude, 2000)).isEqualTo(first);
    assertThat(new GriffinLim(STFT, 4, 0.99f, 6).synthesize(magnitude, 2000)).isNotEqualTo(first);
  }

  @Test
  void silenceStaysSilent() {
    float[] signal = new GriffinLim(STFT, 8, 0.99f, 1).synthesize(new float[129 * 10], 500);
    assertThat(signal).hasSize(500).containsOnly(0);
  }

  @Test
  void moreSamplesThanTheFramesCoverAreRefused() {
    assertThatThrownBy(() -> new GriffinLim(STFT, 1, 0, 1).synthesize(new float[129 * 10], 501))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "griffin-lim: expected whole frames of 129 bins for 501 samples at hop 50, found 1290"
                + " values");
  }

  @Test
  void aBrokenFrameIsRefused() {
    assertThatThrownBy(() -> new GriffinLim(STFT, 1, 0, 1).synthesize(new float[130], 50))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "griffin-lim: expected whole frames of 129 bins for 50 samples at hop 50, found 130"
                + " values");
  }

  @Test
  void wildMomentumIsRefused() {
    assertThatThrownBy(() -> new GriffinLim(STFT, 1, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "griffin-lim: expected iterations >= 0 and momentum from 0 to below 1.25, found 1 and"
                + " 2.0");
  }

  @Test
  void phasesThatAreRightStayRight() {
    float[] glide = glide(8000);
    float[] signal =
        new GriffinLim(STFT, 4, 0.99f, 1)
            .synthesize(STFT.transform(glide), (i, consistent, target) -> {}, 8000);
    for (int i = 0; i < glide.length; i++) {
      assertThat(signal[i]).isCloseTo(glide[i], within(1e-4f));
    }
  }

  @Test
  void aTargetThatChangesIsFollowed() {
    ComplexSpectrogram start = STFT.transform(glide(8000));
    float[] halved = start.magnitude();
    for (int i = 0; i < halved.length; i++) {
      halved[i] *= 0.5f;
    }
    float[] signal =
        new GriffinLim(STFT, 4, 0, 1)
            .synthesize(
                start,
                (i, consistent, target) -> System.arraycopy(halved, 0, target, 0, target.length),
                8000);
    assertThat(signal[4000]).isCloseTo(0.5f * glide(8000)[4000], within(1e-4f));
  }

  /** Spectral convergence: ‖|STFT(y)| − magnitude‖ / ‖magnitude‖. */
  private static double distance(float[] magnitude, GriffinLim griffinLim) {
    float[] found = STFT.magnitude(griffinLim.synthesize(magnitude, 8000));
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < magnitude.length; i++) {
      difference += Math.pow(found[i] - magnitude[i], 2);
      norm += Math.pow(magnitude[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  /** A harmonic tone whose pitch moves, as that of a voice. */
  private static float[] glide(int size) {
    float[] samples = new float[size];
    double phase = 0;
    for (int i = 0; i < size; i++) {
      phase += 2 * Math.PI * (0.01 + 0.004 * Math.sin(i / 700.0));
      for (int harmonic = 1; harmonic <= 12; harmonic++) {
        samples[i] += (float) (Math.sin(harmonic * phase) / harmonic / 4);
      }
    }
    return samples;
  }
}
