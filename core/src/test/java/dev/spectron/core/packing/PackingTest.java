package dev.spectron.core.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PackingTest {
  @ParameterizedTest
  @CsvSource({
    "BF16, 1, 1, 0.004", "BF16, 16, 64, 0.004", "BF16, 17, 33, 0.004", "BF16, 50, 129, 0.004",
    "INT8, 1, 1, 0.01", "INT8, 16, 64, 0.01", "INT8, 17, 33, 0.01", "INT8, 50, 129, 0.01",
    "INT4, 1, 1, 0.01", "INT4, 16, 64, 0.1", "INT4, 17, 33, 0.1", "INT4, 50, 129, 0.1"
  })
  void whatIsUnpackedIsNear(Packing packing, int rows, int depth, double error) {
    float[] values = normal(rows * depth, 7 * rows + depth);
    float[] unpacked = roundTrip(packing, rows, depth, values).toFloats();
    assertThat(relativeError(unpacked, values)).isLessThan(error);
  }

  /** In depth all channels of a tap stand together, and none is lost on the way back. */
  @ParameterizedTest
  @EnumSource(names = "ROWS", mode = EnumSource.Mode.EXCLUDE)
  void aConvolutionIsPackedTapByTap(Packing packing) {
    int channels = 32;
    int taps = 3;
    float[] values = normal(17 * channels * taps, 9);
    float[] byTap = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int row = i / (channels * taps);
      int channel = i / taps % channels;
      byTap[(row * taps + i % taps) * channels + channel] = values[i];
    }
    WeightData convolution =
        WeightData.packed(WeightData.of("w", Shape.of(17, channels, taps), values), packing);
    WeightData matrix = roundTrip(packing, 17, channels * taps, byTap);
    assertThat(convolution.data().mismatch(matrix.data())).isEqualTo(-1);
    float[] unpacked = convolution.toFloats();
    float[] expected = matrix.toFloats();
    for (int i = 0; i < values.length; i++) {
      int row = i / (channels * taps);
      int channel = i / taps % channels;
      assertThat(unpacked[i]).isEqualTo(expected[(row * taps + i % taps) * channels + channel]);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "ROWS", mode = EnumSource.Mode.EXCLUDE)
  void zerosStayZero(Packing packing) {
    assertThat(roundTrip(packing, 3, 70, new float[210]).toFloats()).containsOnly(0f);
  }

  @ParameterizedTest
  @EnumSource(names = "ROWS", mode = EnumSource.Mode.EXCLUDE)
  void aNumberThatIsNotFiniteIsNamed(Packing packing) {
    for (float broken : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] values = normal(96, 3);
      values[40] = broken;
      assertThatThrownBy(() -> roundTrip(packing, 1, 96, values))
          .isInstanceOf(BundleException.class)
          .hasMessage(
              "w: element 40: expected a finite weight, found %s; export the model again"
                  .formatted(broken));
    }
  }

  @Test
  void anInt8BlockWithOneOutlierSpoilsNoOtherBlock() {
    float[] values = normal(96, 3);
    values[40] = 100;
    float[] unpacked = roundTrip(Packing.INT8, 1, 96, values).toFloats();
    assertThat(relativeError(Arrays.copyOf(unpacked, 32), Arrays.copyOf(values, 32)))
        .isLessThan(0.01);
    assertThat(unpacked[40]).isCloseTo(100, within(0.5f));
  }

  @Test
  void eachInt8WeightIsWithinHalfAStep() {
    float[] values = normal(320, 4);
    float[] unpacked = roundTrip(Packing.INT8, 10, 32, values).toFloats();
    for (int row = 0; row < 10; row++) {
      float largest = 0;
      for (int k = 0; k < 32; k++) {
        largest = Math.max(largest, Math.abs(values[row * 32 + k]));
      }
      // The scale was rounded up to a bf16.
      float step = largest / 127 * (1 + 0x1p-7f);
      for (int k = row * 32; k < row * 32 + 32; k++) {
        assertThat(unpacked[k]).isCloseTo(values[k], within(step / 2 + 1e-6f));
      }
    }
  }

  /** A scale alone, by the largest weight, is the plainest 4-bit format, with 4.5 bits as well. */
  @Test
  void fourBitsWithAnOffsetAreNearerThanAScaleAlone() {
    float[] values = normal(64 * 1024, 5);
    float[] unpacked = roundTrip(Packing.INT4, 64, 1024, values).toFloats();
    float[] plain = new float[values.length];
    for (int from = 0; from < values.length; from += 32) {
      float largest = 0;
      for (int i = from; i < from + 32; i++) {
        largest = Math.abs(values[i]) > Math.abs(largest) ? values[i] : largest;
      }
      float scale = largest / -8;
      for (int i = from; i < from + 32; i++) {
        plain[i] = scale * Math.clamp(Math.round(values[i] / scale), -8, 7);
      }
    }
    assertThat(relativeError(unpacked, values)).isLessThan(0.87 * relativeError(plain, values));
  }

  @Test
  void int8LiesAsDrawn() {
    float[] values = new float[2 * 64];
    values[0] = 127;
    values[5] = -64;
    values[64 + 32] = 254;
    MemorySegment panel = packed(Packing.INT8, 2, 64, values);
    assertThat(panel.byteSize()).isEqualTo(17 * 64);
    assertThat(Bf16Panels.value(panel.get(Bf16Panels.SHORT, 0))).isEqualTo(1);
    assertThat(Bf16Panels.value(panel.get(Bf16Panels.SHORT, 4 + 2))).isEqualTo(2);
    assertThat(panel.toArray(ValueLayout.JAVA_BYTE)[64]).isEqualTo((byte) 255);
    assertThat(panel.toArray(ValueLayout.JAVA_BYTE)[2 * 64 + 1]).isEqualTo((byte) 64);
    assertThat(panel.toArray(ValueLayout.JAVA_BYTE)[9 * 64 + 4]).isEqualTo((byte) 255);
  }

  @Test
  void int4LiesAsDrawn() {
    float[] values = new float[64];
    for (int k = 0; k < 64; k++) {
      values[k] = k % 16 * 17f;
    }
    MemorySegment panel = packed(Packing.INT4, 1, 64, values);
    assertThat(panel.byteSize()).isEqualTo(2 * 64 + 9 * 64);
    byte[] bytes = panel.toArray(ValueLayout.JAVA_BYTE);
    assertThat(bytes[128]).isEqualTo((byte) 255);
    assertThat(bytes[129]).isEqualTo((byte) 0);
    assertThat(bytes[130]).isEqualTo((byte) 255);
    for (int line = 0; line < 8; line++) {
      for (int i = 0; i < 4; i++) {
        int low = (8 * line + i) % 16;
        int high = (8 * line + 4 + i) % 16;
        assertThat(bytes[192 + 64 * line + i]).isEqualTo((byte) (high << 4 | low));
      }
    }
  }

  private static WeightData roundTrip(Packing packing, int rows, int depth, float[] values) {
    return WeightData.packed(WeightData.of("w", Shape.of(rows, depth), values), packing);
  }

  private static MemorySegment packed(Packing packing, int rows, int depth, float[] values) {
    return WeightData.packed(WeightData.of("w", Shape.of(rows, depth), values), packing).data();
  }

  private static float[] normal(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double relativeError(float[] found, float[] expected) {
    double error = 0;
    double power = 0;
    for (int i = 0; i < expected.length; i++) {
      error += Math.pow(found[i] - expected[i], 2);
      power += Math.pow(expected[i], 2);
    }
    return Math.sqrt(error / power);
  }
}
