package dev.spectron.core.backend;

import dev.spectron.core.backend.SideBySide.Side;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The positions that every attention test runs through. */
final class Positions {
  private Positions() {}

  /** Every kind of position by name; weights are made on the side it is used on. */
  static Map<String, Function<Side, Position>> all(SideBySide sides, int nHeads, int headDim) {
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
    WeightData projection = sides.weight(dModel, dModel);
    WeightData u = sides.weight(nHeads, headDim);
    WeightData v = sides.weight(nHeads, headDim);
    positions.put(
        "Transformer-XL", s -> new Position.TransformerXl(s.w(projection), s.w(u), s.w(v)));
    WeightData distances = sides.weight(8, headDim);
    positions.put("Shaw", s -> new Position.Shaw(s.w(distances), 5, 2));
    return positions;
  }
}
