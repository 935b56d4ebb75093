package dev.spectron.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {0, 2, 1, -1};

  @Test
  void greedyTakesTheLargest() {
    assertThat(new Sampler(SamplingOptions.greedy(), new SplittableRandom(1)).sample(LOGITS))
        .isEqualTo(1);
  }

  @Test
  void sharesFollowTheTemperature() {
    double[] shares = shares(new SamplingOptions(2, 1));
    double sum = Math.exp(0) + Math.exp(1) + Math.exp(0.5) + Math.exp(-0.5);
    assertThat(shares[1]).isCloseTo(Math.exp(1) / sum, within(0.02));
    assertThat(shares[3]).isCloseTo(Math.exp(-0.5) / sum, within(0.02));
  }

  @Test
  void topPDropsTheTail() {
    // Probabilities at temperature 1: 0.087, 0.644, 0.237, 0.032; the first two that reach 0.7 are
    // tokens 1 and 2.
    double[] shares = shares(new SamplingOptions(1, 0.7f));
    assertThat(shares[0]).isZero();
    assertThat(shares[3]).isZero();
    assertThat(shares[2]).isCloseTo(0.237 / (0.237 + 0.644), within(0.02));
  }

  @Test
  void sameSeedDrawsTheSame() {
    Sampler one = new Sampler(new SamplingOptions(1, 1), new SplittableRandom(5));
    Sampler two = new Sampler(new SamplingOptions(1, 1), new SplittableRandom(5));
    for (int i = 0; i < 50; i++) {
      assertThat(one.sample(LOGITS)).isEqualTo(two.sample(LOGITS));
    }
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new SamplingOptions(Float.NaN, 1))
        .hasMessage("temperature: expected 0 to 100, found NaN");
    assertThatThrownBy(() -> new SamplingOptions(1, 0))
        .hasMessage("top_p: expected above 0 and at most 1, found 0.0");
  }

  private static double[] shares(SamplingOptions options) {
    Sampler sampler = new Sampler(options, new SplittableRandom(9));
    double[] shares = new double[LOGITS.length];
    for (int i = 0; i < 20_000; i++) {
      shares[sampler.sample(LOGITS)] += 1 / 20_000.0;
    }
    return shares;
  }
}
