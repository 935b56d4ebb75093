package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.signal.Waveform;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PitchTrackTest {
  @ParameterizedTest
  @CsvSource({"16000, 110", "16000, 220", "8000, 97.5", "22050, 330"})
  void aHarmonicToneHasItsFundamental(int rate, double hertz) {
    float[] samples = new float[rate];
    for (int i = 0; i < samples.length; i++) {
      double phase = 2 * Math.PI * hertz * i / rate;
      samples[i] = (float) (0.3 * Math.sin(phase) + 0.2 * Math.sin(2 * phase + 1));
    }
    PitchTrack track = PitchTrack.of(new Waveform(samples, rate));
    assertThat(track.voicedShare()).isEqualTo(1);
    assertThat((double) track.medianHertz()).isCloseTo(hertz, within(hertz * 0.005));
    assertThat(track.hopSeconds()).isCloseTo(0.0125, within(0.0005));
  }

  @Test
  void noiseAndSilenceHaveNoPitch() {
    Random random = new Random(1);
    float[] noise = new float[16_000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat() - 0.5f;
    }
    assertThat(PitchTrack.of(new Waveform(noise, 16_000)).voicedShare()).isLessThan(0.1);
    PitchTrack silence = PitchTrack.of(new Waveform(new float[16_000], 16_000));
    assertThat(silence.voicedShare()).isZero();
    assertThat(silence.medianHertz()).isZero();
  }

  @Test
  void aShortWaveformHasNoFrames() {
    PitchTrack track = PitchTrack.of(new Waveform(new float[100], 16_000));
    assertThat(track.hertz()).isEmpty();
    assertThat(track.voicedShare()).isZero();
  }
}
