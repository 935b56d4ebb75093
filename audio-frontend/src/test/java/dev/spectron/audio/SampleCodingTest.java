package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SampleCodingTest {
  @ParameterizedTest
  @EnumSource(names = {"MU_LAW", "A_LAW"})
  void everyCodeOfEightBitsComesBack(SampleCoding coding) {
    byte[] codes = new byte[256];
    for (int i = 0; i < 256; i++) {
      codes[i] = (byte) i;
    }
    float[] values = coding.decode(codes);
    assertThat(coding.decode(coding.encode(values))).isEqualTo(values);
  }

  @ParameterizedTest
  @EnumSource(names = {"MU_LAW", "A_LAW"})
  void aSampleIsCodedWithinHalfAStepOfItsSegment(SampleCoding coding) {
    for (int step = -32_768; step < 32_768; step++) {
      float coded = coding.decode(coding.encode(new float[] {step / 32768f}))[0] * 32768;
      // A segment has 16 steps between m and 2m, m being the magnitude, in µ-law plus 132.
      double halfAStep = Math.max(8, (Math.abs(step) + 132) / 32.0);
      assertThat(Math.abs(coded - step)).as("%d", step).isLessThanOrEqualTo((float) halfAStep);
    }
  }

  @Test
  void sixteenBitsAreLittleEndianAndClipped() {
    byte[] coded = SampleCoding.PCM_16.encode(new float[] {0.5f, -1, 2, -2});
    assertThat(coded).containsExactly(0, 0x40, 0, 0x80, 0xFF, 0x7F, 0, 0x80);
    assertThat(SampleCoding.PCM_16.decode(coded)).startsWith(0.5f, -1);
  }

  @Test
  void aPartOfASampleIsRefused() {
    assertThatThrownBy(() -> SampleCoding.PCM_16.decode(new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whole samples of 2 bytes, found 3");
  }
}
