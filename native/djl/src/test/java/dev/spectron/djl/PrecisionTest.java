package dev.spectron.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.SideBySide;
import dev.spectron.core.backend.SideBySide.Program;
import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import org.junit.jupiter.api.Test;

/** bfloat16 products stay within 1e-2 of the reference, and are what runs. */
class PrecisionTest {
  private static final double BOUND = 1e-2;

  private final long seed = Seeds.next();

  @Test
  void bf16ProductsAreCloseAndRounded() {
    DjlOptions options = DjlOptions.answering().withPrecision(Precision.BF16);
    try (DjlBackend backend = DjlBackend.open(options)) {
      SideBySide sides = new SideBySide(backend, 1e-6, seed);
      Values x = sides.random(2, 7, 33);
      WeightData up = sides.weight(65, 33);
      WeightData gate = sides.weight(65, 33);
      WeightData upBias = sides.weight(65);
      WeightData down = sides.weight(31, 65);
      WeightData downBias = sides.weight(31);
      check(sides, "linear", s -> s.backend().linear(s.x(x), s.w(up), s.w(upBias)));
      check(sides, "linear", s -> s.backend().linear(s.x(x), s.w(up), Weight.none()));
      check(
          sides,
          "feedForward",
          s ->
              s.backend()
                  .feedForward(
                      s.x(x), s.w(up), s.w(upBias), Activation.SILU, s.w(down), s.w(downBias)));
      check(
          sides,
          "gatedFeedForward",
          s ->
              s.backend().gatedFeedForward(s.x(x), s.w(gate), s.w(up), Activation.SILU, s.w(down)));
    }
  }

  private void check(SideBySide sides, String what, Program program) {
    double[] expected = sides.onReference(program).values();
    double[] found = sides.onBackend(program).values();
    SideBySide.assertClose(what + ", seed " + seed, found, expected, BOUND);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < found.length; i++) {
      difference += (found[i] - expected[i]) * (found[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    assertThat(Math.sqrt(difference / norm)).as(what + " is rounded").isGreaterThan(1e-4);
  }
}
