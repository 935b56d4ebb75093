package dev.spectron.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Normalisation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BundleFuzzTest {
  private static final int ROUNDS = 3000;
  private static final String ALPHABET = "{}[]\",:0123456789.eE+-\\ntfu \u0000\u00ff";

  @Test
  void everyDamagedHeaderIsReadOrRefused() {
    byte[] valid =
        SafetensorsTest.file(
            "{\"__metadata__\":{\"step\":\"1\"},"
                + "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}",
            32);
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] damaged = damage(valid, new Random(seed));
      try (Safetensors tensors = Safetensors.of("x", damaged)) {
        for (String name : tensors.names()) {
          assertThat(tensors.get(name).data().byteSize()).isLessThan(damaged.length);
        }
      } catch (BundleException e) {
        assertThat(e.getMessage()).as("seed %d", seed).startsWith("x: ");
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(refused).isBetween(ROUNDS / 2, ROUNDS - 1);
  }

  @Test
  void everyDamagedConfigurationIsReadOrRefused() {
    FeatureSpec spec =
        new FeatureSpec(
            16_000,
            64,
            50,
            20,
            2,
            20,
            8000,
            1e-5,
            new Normalisation(List.of(0f, 1f), List.of(1f, 2f)));
    byte[] valid = Json.line(spec).getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] damaged = damage(valid, new Random(seed));
      try {
        Json.parse("x", Json.utf8("x", damaged), FeatureSpec.class);
      } catch (BundleException e) {
        assertThat(e.getMessage()).as("seed %d", seed).startsWith("x: ");
        assertThat(e.getMessage()).as("seed %d", seed).doesNotContain("\n");
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(refused).isBetween(ROUNDS / 2, ROUNDS - 1);
  }

  private static byte[] damage(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> bytes = Arrays.copyOf(bytes, 1 + at);
        default -> System.arraycopy(bytes, at / 2, bytes, at, Math.min(bytes.length - at, 9));
      }
    }
    return bytes;
  }
}
