package dev.spectron.core.backend;

import dev.spectron.core.backend.SideBySide.Side;
import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Attention without a cache: every mask with every position. */
public interface AttentionContract extends OperationContract {
  @Test
  default void everyMaskAgreesUnderEveryPosition() {
    Lengths lengths = Lengths.of(7, 0, 17, 1);
    for (AttentionMask mask : masks(Lengths.of(3, 0, 5, 1))) {
      Positions.all(sides(), 4, 8)
          .forEach(
              (name, position) ->
                  agree(name + " under " + mask, 4, 2, 8, mask, position, 17, lengths));
    }
  }

  @Test
  default void everyHeadSharingAgreesUnderEveryPosition() {
    for (int[] heads : new int[][] {{1, 1}, {4, 4}, {4, 2}, {6, 2}, {3, 1}}) {
      Positions.all(sides(), heads[0], 16)
          .forEach(
              (name, position) ->
                  agree(
                      name + " with heads " + heads[0] + " on " + heads[1],
                      heads[0],
                      heads[1],
                      16,
                      new AttentionMask.Causal(),
                      position,
                      8,
                      Lengths.of(8, 5)));
    }
  }

  @Test
  default void oddSizesAgree() {
    for (int headDim : new int[] {1, 3, 7, 15, 17, 33, 64, 100}) {
      for (int time : new int[] {1, 2, 16, 31, 33, 100}) {
        agree(
            "head_dim " + headDim + ", time " + time,
            2,
            1,
            headDim,
            new AttentionMask.Causal(),
            _ -> new Position.None(),
            time,
            Lengths.of(time, time - 1));
      }
    }
  }

  @Test
  default void longRowsAgree() {
    AttentionMask chunked = new AttentionMask.Chunked(16, 64, 8);
    Positions.all(sides(), 1, 16)
        .forEach(
            (name, position) ->
                agree("long, " + name, 1, 1, 16, chunked, position, 257, Lengths.of(257, 100)));
  }

  @Test
  default void theScaleIsTheCallers() {
    Values q = sides().random(1, 17, 32);
    AttentionSpec spec = new AttentionSpec(4, 4, 8, 0.9f, new AttentionMask.Full());
    Lengths full = Lengths.full(1, 17);
    Positions.all(sides(), 4, 8)
        .forEach(
            (name, position) ->
                sides()
                    .agree(
                        "attention of scale 0.9, " + name,
                        49,
                        s -> attend(s, s.x(q), s.x(q), s.x(q), spec, position.apply(s), full)));
  }

  @Test
  default void largeScoresDoNotOverflow() {
    Values q = sides().spread(30, 1, 17, 16);
    AttentionSpec spec = AttentionSpec.of(2, 2, 8, new AttentionMask.Causal());
    Lengths full = Lengths.full(1, 17);
    Position none = new Position.None();
    sides()
        .compare(
            "attention with scores in the hundreds",
            1e-3,
            s -> attend(s, s.x(q), s.x(q), s.x(q), spec, none, full));
  }

  /** Compares one call; {@code position} makes its weights on the side it is given. */
  private void agree(
      String what,
      int nHeads,
      int nKvHeads,
      int headDim,
      AttentionMask mask,
      Function<Side, Position> position,
      int time,
      Lengths lengths) {
    int batch = lengths.batch();
    Values q = sides().random(batch, time, nHeads * headDim).poisoned(lengths, POISON);
    Values k = sides().random(batch, time, nKvHeads * headDim).poisoned(lengths, POISON);
    Values v = sides().random(batch, time, nKvHeads * headDim).poisoned(lengths, -POISON);
    AttentionSpec spec = AttentionSpec.of(nHeads, nKvHeads, headDim, mask);
    sides()
        .agreePadded(
            "attention, " + what,
            4 * headDim + time,
            lengths,
            s -> attend(s, s.x(q), s.x(k), s.x(v), spec, position.apply(s), lengths));
  }

  private static Tensor attend(
      Side s, Tensor q, Tensor k, Tensor v, AttentionSpec spec, Position position, Lengths valid) {
    return s.backend().attention(q, k, v, spec, position, valid, KvCache.Layer.none());
  }

  /** Every kind of mask. */
  static List<AttentionMask> masks(Lengths prefix) {
    return List.of(
        new AttentionMask.Full(),
        new AttentionMask.Causal(),
        new AttentionMask.Prefix(prefix),
        new AttentionMask.Chunked(4, 3, 2),
        new AttentionMask.Chunked(1, 0, 0),
        new AttentionMask.Chunked(5, 100, 0));
  }
}
