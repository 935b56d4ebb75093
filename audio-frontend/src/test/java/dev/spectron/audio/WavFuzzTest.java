package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WavFuzzTest {
  private static final int ROUNDS = 3000;

  @ParameterizedTest
  @ValueSource(strings = {"s16.wav", "s24.wav", "s16-6ch.wav", "f64.wav", "mulaw.wav", "gsm.wav"})
  void everyDamagedFileIsReadOrRefused(String file) throws IOException {
    byte[] valid;
    try (InputStream in = WavFuzzTest.class.getResourceAsStream("/wav/" + file)) {
      valid = in.readAllBytes();
    }
    int read = 0;
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] damaged = damage(valid, new Random(seed));
      try {
        Waveform waveform = WavFile.read(file, new ByteArrayInputStream(damaged));
        assertThat(waveform.samples().length).as("seed %d", seed).isBetween(1, damaged.length);
        read++;
      } catch (AudioException e) {
        assertThat(e.getMessage()).as("seed %d", seed).startsWith(file + ": ");
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(read + refused).isEqualTo(ROUNDS);
    assertThat(refused).isPositive();
  }

  private static byte[] damage(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int header = Math.min(bytes.length, 72);
      switch (random.nextInt(4)) {
        case 0 -> bytes[random.nextInt(header)] = (byte) random.nextInt();
        case 1 -> bytes[random.nextInt(header)] = (byte) (random.nextBoolean() ? 0 : -1);
        case 2 -> bytes[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
        default -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
      }
    }
    return bytes;
  }
}
