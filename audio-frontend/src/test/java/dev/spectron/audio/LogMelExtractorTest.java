package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogMelExtractorTest {
  private static final FeatureSpec SPEC = FeatureSpec.spectron();
  private static final LogMelExtractor EXTRACTOR = new LogMelExtractor(SPEC);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 199, 200, 1023, 1024, 1025, 48_000})
  void everyLengthHasOneFrameAHopAndOneMore(int samples) {
    LogMel logMel = EXTRACTOR.extract(noise(samples));
    assertThat(logMel.time()).isEqualTo(1 + samples / 200);
    for (float value : logMel.frames()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void logMelIsThatOfNumpy() throws IOException {
    try (InputStream in =
            LogMelExtractorTest.class.getResourceAsStream("/golden/log_mel.safetensors");
        Safetensors golden = Safetensors.of("log_mel.safetensors", in.readAllBytes())) {
      float[] samples = golden.get("samples").toFloats();
      assertThat(EXTRACTOR.extract(new Waveform(samples, 16_000)).frames())
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(golden.get("log_mel").toFloats());
    }
  }

  @Test
  void gainShiftsEveryValueByItsLogarithm() {
    Waveform quiet = noise(8000);
    float[] louder = quiet.samples().clone();
    for (int i = 0; i < louder.length; i++) {
      louder[i] *= 4;
    }
    float[] before = EXTRACTOR.extract(quiet).frames();
    float[] after = EXTRACTOR.extract(new Waveform(louder, 16_000)).frames();
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i] - before[i]).isCloseTo((float) Math.log(4), within(1e-5f));
    }
  }

  @Test
  void silenceIsTheLogarithmOfTheFloor() {
    float[] frames = EXTRACTOR.extract(new Waveform(new float[4000], 16_000)).frames();
    assertThat(frames).hasSize(21 * 128).containsOnly((float) Math.log(1e-5));
  }

  @Test
  void aSineIsLoudestInTheFilterAroundItsFrequency() {
    float[] samples = new float[16_000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) Math.sin(2 * Math.PI * 1000 * i / 16_000);
    }
    LogMel logMel = EXTRACTOR.extract(new Waveform(samples, 16_000));
    double low = 2595 * Math.log10(1 + 20 / 700.0);
    double step = (2595 * Math.log10(1 + 8000 / 700.0) - low) / 129;
    int nearest = (int) Math.round((2595 * Math.log10(1 + 1000 / 700.0) - low) / step) - 1;
    for (int t = 5; t < 75; t++) {
      float[] frame = logMel.slice(t, t + 1).frames();
      int loudest = IntStream.range(0, 128).reduce(0, (a, b) -> frame[b] > frame[a] ? b : a);
      assertThat(loudest).isEqualTo(nearest);
    }
  }

  @Test
  void anotherRateIsRefused() {
    assertThatThrownBy(() -> EXTRACTOR.extract(new Waveform(new float[10], 44_100)))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            "log-mel: expected 16000 Hz, found 44100 Hz; convert the waveform with Resampler"
                + " first");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aSampleThatIsNoNumberIsRefused(float bad) {
    float[] samples = new float[100];
    samples[42] = bad;
    assertThatThrownBy(() -> EXTRACTOR.extract(new Waveform(samples, 16_000)))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            "log-mel: sample 42: expected a finite number, found %s; repair the recording"
                .formatted(bad));
  }

  private static Waveform noise(int size) {
    Random random = new Random(3);
    float[] samples = new float[size];
    for (int i = 0; i < size; i++) {
      samples[i] = random.nextFloat() * 0.4f - 0.2f;
    }
    return new Waveform(samples, 16_000);
  }
}
