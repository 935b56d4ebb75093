package dev.spectron.core.backend;

import dev.spectron.core.backend.SideBySide.Side;
import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Attention without a cache: every mask with every position. */
public interface AttentionContract extends OperationContract {
  @Test
  default void everyMaskAgreesUnderEveryPosition() {
    Lengths lengths = Lengths.of(7, 0, 17, 1);
    for (AttentionMask mask : masks(Lengths.of(3, 0, 5, 1))) {
      positions(4, 8)
          .forEach(
              (name, position) ->
                  agree(name + " under " + mask, 4, 2, 8, mask, position, 17, lengths));
    }
  }

  @Test
  default void everyHeadSharingAgreesUnderEveryPosition() {
    for (int[] heads : new int[][] {{1, 1}, {4, 4}, {4, 2}, {6, 2}, {3, 1}}) {
      positions(heads[0], 16)
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

  /** Every kind of position by name; weights are made on the side it is used on. */
  default Map<String, Function<Side, Position>> positions(int nHeads, int headDim) {
    Map<String, Function<Side, Position>> positions = new LinkedHashMap<>();
    positions.put("none", _ -> new Position.None());
    RotaryScaling trained = new RotaryScaling.None();
    positions.put("rotary", _ -> new Position.Rotary(headDim, 10000, trained));
    positions.put("partial rotary", _ -> new Position.Rotary(headDim / 2, 10000, trained));
    positions.put(
        "stretched rotary",
        _ -> new Position.Rotary(headDim, 10000, new RotaryScaling.LinearFactor(4)));
    positions.put(
        "Llama 3 rotary",
        _ -> new Position.Rotary(headDim, 500000, new RotaryScaling.Llama3(8, 1, 4, 64)));
    int dModel = nHeads * headDim;
    WeightData projection = sides().weight(dModel, dModel);
    WeightData u = sides().weight(nHeads, headDim);
    WeightData v = sides().weight(nHeads, headDim);
    positions.put(
        "Transformer-XL", s -> new Position.TransformerXl(s.w(projection), s.w(u), s.w(v)));
    WeightData distances = sides().weight(8, headDim);
    positions.put("Shaw", s -> new Position.Shaw(s.w(distances), 5, 2));
    return positions;
  }
}
