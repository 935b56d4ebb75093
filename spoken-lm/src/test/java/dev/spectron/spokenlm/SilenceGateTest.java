package dev.spectron.spokenlm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bit by bit as at once: the frames up to the last that is not silent, and eight more. */
class SilenceGateTest {
  private static final FeatureSpec SPEC = FeatureSpec.spectron();
  private static final int KEPT = 8;

  @ParameterizedTest
  @ValueSource(
      strings = {"s", "o", "ooo", "ssssssssssss", "oosssssssssssss", "ossssssssssssosss", "sooos"})
  void silenceAtTheEndIsCutHoweverTheFramesCome(String pattern) {
    LogMel all = frames(pattern);
    int end = pattern.lastIndexOf('o') + 1;
    LogMel expected = all.slice(0, Math.max(1, Math.min(pattern.length(), end + KEPT)));
    for (long seed = 0; seed < 5; seed++) {
      assertThat(gated(all, new SplittableRandom(seed))).isEqualTo(expected.frames());
    }
  }

  @Test
  void speechIsPassedOnAtOnceAndAPauseWhenItIsOver() {
    SilenceGate gate = new SilenceGate(SPEC);
    assertThat(gate.push(frames("oo")).time()).isEqualTo(2);
    assertThat(gate.push(frames("ssssssssssss")).time()).isEqualTo(KEPT);
    assertThat(gate.push(frames("o")).time()).isEqualTo(12 - KEPT + 1);
    assertThat(gate.finish().time()).isZero();
  }

  private static float[] gated(LogMel all, SplittableRandom random) {
    SilenceGate gate = new SilenceGate(SPEC);
    float[] passed = new float[0];
    for (int from = 0; from < all.time(); ) {
      int to = Math.min(all.time(), from + random.nextInt(4));
      passed = join(passed, gate.push(all.slice(from, to)).frames());
      from = to;
    }
    return join(passed, gate.finish().frames());
  }

  /** A silent frame for {@code s}, another for {@code o}. */
  private static LogMel frames(String pattern) {
    float[] frames = new float[pattern.length() * SPEC.nMels()];
    for (int t = 0; t < pattern.length(); t++) {
      float value = (float) Math.log(SPEC.floor()) + (pattern.charAt(t) == 's' ? 0 : 1 + t);
      Arrays.fill(frames, t * SPEC.nMels(), (t + 1) * SPEC.nMels(), value);
    }
    return new LogMel(frames, SPEC);
  }

  private static float[] join(float[] a, float[] b) {
    float[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
