package dev.spectron.training.quantise;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.packing.PanelFormat;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Random weights packed as a policy says, to measure how fast a size is: sixteen rows of a matrix
 * are drawn and packed, and the others are copies of them, so that a billion weights take a moment.
 * Memory is freed with {@code arena}.
 *
 * @param policy which matrix is packed how
 * @param seed equal seeds give equal parameters
 * @param arena owner of packed weights
 */
public record RandomPackedWeights(PackingPolicy policy, long seed, Arena arena)
    implements WeightSource {
  @Override
  public WeightData read(String path, Shape shape, Init init) {
    Packing packing = policy.of(path, shape);
    RandomWeights rows = new RandomWeights(seed);
    if (packing == Packing.ROWS) {
      return rows.read(path, shape, init);
    }
    int first = Math.min(PanelFormat.WIDTH, shape.size(0));
    WeightData drawn = rows.read(path, shape.with(0, first), init);
    MemorySegment panel = WeightData.packed(drawn, packing).data();
    long bytes = packing.byteSize(DType.U8, shape);
    MemorySegment all = arena.allocate(bytes, PanelFormat.LINE_BYTES);
    for (long at = 0; at < bytes; at += panel.byteSize()) {
      MemorySegment.copy(panel, 0, all, at, panel.byteSize());
    }
    return new WeightData(path, DType.U8, packing, shape, all);
  }
}
