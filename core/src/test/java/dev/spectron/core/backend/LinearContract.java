package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tokens;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dense products and table look-up. */
public interface LinearContract extends OperationContract {

  @Test
  default void linearAgreesForEverySize() {
    int[] sizes = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257};
    for (int i = 0; i < sizes.length; i++) {
      for (int rows : new int[] {1, 2, 5, sizes[i]}) {
        int in = sizes[i];
        int out = sizes[(i * 5 + rows) % sizes.length];
        Values x = sides().random(rows, in);
        WeightData weight = sides().weight(out, in);
        WeightData bias = sides().weight(out);
        sides()
            .agree(
                "linear %d x %d to %d".formatted(rows, in, out),
                in,
                s -> s.backend().linear(s.x(x), s.w(weight), s.w(bias)));
      }
    }
  }

  @Test
  default void linearWithoutBiasTakesAnyRank() {
    WeightData weight = sides().weight(17, 33);
    for (Values x :
        List.of(sides().random(33), sides().random(2, 3, 33), sides().random(2, 3, 2, 33))) {
      sides().agree("linear", 33, s -> s.backend().linear(s.x(x), s.w(weight), Weight.none()));
    }
  }

  @Test
  default void bf16WeightsAreReadByEveryOperation() {
    double bound = bf16Tolerance();
    for (int in : new int[] {1, 15, 64, 257}) {
      Values x = sides().random(1, 3, in);
      WeightData up = SideBySide.bf16(sides().weight(31, in));
      WeightData down = SideBySide.bf16(sides().weight(in, 31));
      WeightData taps = SideBySide.bf16(sides().weight(31, in, 3));
      Weight none = Weight.none();
      sides().compare("linear bf16", bound, s -> s.backend().linear(s.x(x), s.w(up), none));
      sides().compare("embed bf16", bound, s -> s.backend().embed(Tokens.of(30, 0, 7), s.w(up)));
      sides()
          .compare(
              "conv1d bf16",
              bound,
              s ->
                  s.backend()
                      .conv1d(
                          s.x(x), s.w(taps), none, Conv1dSpec.same(3, 1, 1), Lengths.full(1, 3)));
      sides()
          .compare(
              "feedForward bf16",
              bound,
              s ->
                  s.backend().feedForward(s.x(x), s.w(up), none, Activation.SILU, s.w(down), none));
      sides()
          .compare(
              "gatedFeedForward bf16",
              bound,
              s ->
                  s.backend()
                      .gatedFeedForward(s.x(x), s.w(up), s.w(up), Activation.SILU, s.w(down)));
    }
  }

  /**
   * Packed as 8 bits or fewer, a few rows may meet the weights as 8-bit integers themselves: their
   * rounding is an error of up to 1 %.
   */
  @Test
  default void packedWeightsAreReadByEveryOperation() {
    for (Packing packing : List.of(Packing.BF16, Packing.INT8, Packing.INT4)) {
      double bound = packing == Packing.BF16 ? bf16Tolerance() : 0.015;
      for (int rows : new int[] {1, 3, 8, 9, 20}) {
        for (int in : new int[] {33, 64, 257}) {
          Values x = sides().random(rows, in);
          WeightData up = WeightData.packed(sides().weight(97, in), packing);
          WeightData down = WeightData.packed(sides().weight(in, 97), packing);
          WeightData bias = sides().weight(97);
          String what = "%s %d x %d".formatted(packing, rows, in);
          sides()
              .compare(
                  "linear " + what, bound, s -> s.backend().linear(s.x(x), s.w(up), s.w(bias)));
          sides()
              .compare(
                  "gatedFeedForward " + what,
                  4 * bound,
                  s ->
                      s.backend()
                          .gatedFeedForward(s.x(x), s.w(up), s.w(up), Activation.SILU, s.w(down)));
          Tokens tokens = Tokens.of(96, 0, 7);
          sides().compare("embed " + what, 1e-6, s -> s.backend().embed(tokens, s.w(up)));
        }
      }
      assertThatThrownBy(() -> WeightData.packed(sides().weight(4, 2, 3, 3), packing).named("w"))
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("expected a matrix");
    }
  }

  @Test
  default void weightsOfEveryFloatingTypeAreRead() {
    Values x = sides().random(2, 17);
    for (DType type : List.of(DType.F64, DType.F32, DType.F16)) {
      WeightData weight = SideBySide.stored(sides().weight(7, 17), type);
      sides()
          .agree("linear " + type, 17, s -> s.backend().linear(s.x(x), s.w(weight), Weight.none()));
    }
  }

  @Test
  default void integerWeightsAreRefused() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[6]);
    WeightData integers = new WeightData("quantised", DType.I8, Shape.of(2, 3), bytes);
    assertThatThrownBy(() -> sides().backend().weight(integers))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("quantised");
  }

  @Test
  default void embedCopiesRows() {
    for (int channels : new int[] {1, 7, 16, 100}) {
      WeightData table = sides().weight(17, channels);
      Tokens tokens = Tokens.ofRows(List.of(new int[] {16, 0, 3}, new int[] {5}));
      sides().compare("embed", 0, s -> s.backend().embed(tokens, s.w(table)));
    }
  }

  @Test
  default void feedForwardEqualsItsParts() {
    Values x = sides().random(2, 5, 33);
    WeightData up = sides().weight(100, 33);
    WeightData upBias = sides().weight(100);
    WeightData down = sides().weight(31, 100);
    WeightData downBias = sides().weight(31);
    for (Activation activation : Activation.values()) {
      sides()
          .agree(
              "feedForward " + activation,
              133,
              s ->
                  s.backend()
                      .feedForward(
                          s.x(x), s.w(up), s.w(upBias), activation, s.w(down), s.w(downBias)));
    }
  }

  @Test
  default void gatedFeedForwardEqualsItsParts() {
    WeightData gate = sides().weight(100, 33);
    WeightData up = sides().weight(100, 33);
    WeightData down = sides().weight(31, 100);
    for (Values x : List.of(sides().random(1, 1, 33), sides().random(2, 17, 33))) {
      for (Activation activation : Activation.values()) {
        sides()
            .agree(
                "gatedFeedForward " + activation,
                133,
                s ->
                    s.backend()
                        .gatedFeedForward(s.x(x), s.w(gate), s.w(up), activation, s.w(down)));
      }
    }
  }
}
