package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.audio.PitchTrack;
import org.junit.jupiter.api.Test;

class PitchErrorsTest {
  @Test
  void aSemitoneIsAHundredCents() {
    float higher = (float) (200 * Math.pow(2, 1 / 12.0));
    PitchErrors errors = PitchErrors.between(track(100, 200, 0), track(100, higher, 0));
    assertThat(errors.voicing()).isZero();
    assertThat(errors.cents()).isCloseTo(50, within(1e-3));
  }

  @Test
  void lostAndInventedVoicesCountAlike() {
    PitchErrors errors = PitchErrors.between(track(100, 0, 120, 0), track(0, 90, 120, 0));
    assertThat(errors.voicing()).isEqualTo(0.5);
    assertThat(errors.cents()).isZero();
  }

  @Test
  void nothingHeardIsNoError() {
    assertThat(PitchErrors.between(track(), track(100))).isEqualTo(new PitchErrors(0, 0));
    assertThat(PitchErrors.between(track(0, 0), track(0, 0))).isEqualTo(new PitchErrors(0, 0));
  }

  private static PitchTrack track(float... hertz) {
    return new PitchTrack(hertz, 0.0125);
  }
}
