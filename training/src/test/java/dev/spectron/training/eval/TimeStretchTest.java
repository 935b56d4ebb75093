package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.audio.PitchTrack;
import dev.spectron.core.signal.Waveform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeStretchTest {
  private static final int RATE = 16_000;

  @ParameterizedTest
  @ValueSource(doubles = {0.75, 1, 1.3})
  void theTimeChangesAndThePitchStays(double rate) {
    float[] samples = new float[2 * RATE];
    for (int i = 0; i < samples.length; i++) {
      double phase = 2 * Math.PI * 150 * i / RATE;
      samples[i] = (float) (0.3 * Math.sin(phase) + 0.2 * Math.sin(2 * phase + 1));
    }
    Waveform stretched = TimeStretch.of(new Waveform(samples, RATE), rate);
    assertThat(stretched.seconds()).isCloseTo(2 / rate, within(0.1));
    assertThat(PitchTrack.of(stretched).medianHertz()).isCloseTo(150, within(2f));
    double power = 0;
    for (float sample : stretched.samples()) {
      power += sample * sample / stretched.samples().length;
    }
    assertThat(power).isCloseTo(0.065, within(0.01));
  }

  @Test
  void impossibleRatesAreRefused() {
    Waveform some = new Waveform(new float[100], RATE);
    assertThatThrownBy(() -> TimeStretch.of(some, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("time stretch: expected a rate of 0.25 to 4, found NaN");
  }
}
