package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.SideBySide.Side;
import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What holds between runs of one back end, whatever the numbers. */
public interface LawContract extends OperationContract {
  @Test
  default void futureFramesDoNotChangePastOutput() {
    WeightData weight = sides().weight(16, 16, 5);
    Conv1dSpec causal = Conv1dSpec.causal(5, 2, 1);
    isCausal(
        "conv1d",
        (s, x) -> s.backend().conv1d(x, s.w(weight), Weight.none(), causal, Lengths.full(x)));
    Positions.all(sides(), 2, 8)
        .forEach(
            (name, position) ->
                isCausal(
                    "attention, " + name,
                    (s, x) -> attend(s, x, new AttentionMask.Causal(), position, Lengths.full(x))));
  }

  private void isCausal(String what, Operation operation) {
    int known = 9;
    Values x = sides().random(2, 17, 16);
    Values changed = x.poisoned(Lengths.of(known, known), 3);
    double[] before = sides().onBackend(s -> operation.run(s, s.x(x))).values();
    double[] after = sides().onBackend(s -> operation.run(s, s.x(changed))).values();
    int row = before.length / 2;
    int past = row / 17 * known;
    for (int from = 0; from < before.length; from += row) {
      SideBySide.assertClose(
          what + ", " + sides().seed(),
          Arrays.copyOfRange(after, from, from + past),
          Arrays.copyOfRange(before, from, from + past),
          sides().tolerance() * 8);
    }
    assertThat(after).as(what + " sees later frames in later output").isNotEqualTo(before);
  }

  @Test
  default void aPaddedBatchEqualsItsRows() {
    WeightData weight = sides().weight(16, 16, 5);
    Conv1dSpec same = Conv1dSpec.same(5, 1, 1);
    rowsAgree("conv1d", (s, x, n) -> s.backend().conv1d(x, s.w(weight), Weight.none(), same, n));
    WeightData depthwise = sides().weight(16, 1, 7);
    Conv1dSpec each = Conv1dSpec.same(7, 1, 16);
    rowsAgree(
        "depthwise conv1d",
        (s, x, n) -> s.backend().conv1d(x, s.w(depthwise), Weight.none(), each, n));
    WeightData transposed = sides().weight(16, 16, 4);
    rowsAgree(
        "convTranspose1d",
        (s, x, n) -> s.backend().convTranspose1d(x, s.w(transposed), Weight.none(), 2, 1, n));
    for (AttentionMask mask :
        new AttentionMask[] {
          new AttentionMask.Full(), new AttentionMask.Causal(), new AttentionMask.Chunked(4, 2, 1)
        }) {
      Positions.all(sides(), 2, 8)
          .forEach(
              (name, position) ->
                  rowsAgree(
                      "attention, " + name + " under " + mask,
                      (s, x, n) -> attend(s, x, mask, position, n)));
    }
  }

  private void rowsAgree(String what, PaddedOperation operation) {
    Lengths lengths = Lengths.of(17, 5, 0, 8);
    Values x = sides().random(4, 17, 16).poisoned(lengths, POISON);
    double[] batch = sides().onBackend(s -> operation.run(s, s.x(x), lengths)).values();
    int rowLength = batch.length / 4;
    for (int row = 0; row < 4; row++) {
      int frames = lengths.at(row);
      if (frames > 0) {
        Values alone = row(x, row, frames);
        double[] expected =
            sides().onBackend(s -> operation.run(s, s.x(alone), Lengths.full(1, frames))).values();
        SideBySide.assertClose(
            what + ", row " + row + ", " + sides().seed(),
            Arrays.copyOfRange(batch, row * rowLength, row * rowLength + expected.length),
            expected,
            sides().tolerance() * 8);
      }
    }
  }

  private static Values row(Values x, int row, int frames) {
    int channels = x.shape().size(2);
    int from = row * x.shape().size(1) * channels;
    float[] values = Arrays.copyOfRange(x.values(), from, from + frames * channels);
    return new Values(Shape.of(1, frames, channels), values);
  }

  private static Tensor attend(
      Side s, Tensor x, AttentionMask mask, Function<Side, Position> position, Lengths lengths) {
    AttentionSpec spec = AttentionSpec.of(2, 2, 8, mask);
    return s.backend().attention(x, x, x, spec, position.apply(s), lengths, KvCache.Layer.none());
  }

  /** From frames to frames. */
  @FunctionalInterface
  interface Operation {
    /** The result for {@code x}. */
    Tensor run(Side side, Tensor x);
  }

  /** From padded frames to padded frames. */
  @FunctionalInterface
  interface PaddedOperation {
    /** The result for {@code x}, valid over {@code lengths}. */
    Tensor run(Side side, Tensor x, Lengths lengths);
  }
}
