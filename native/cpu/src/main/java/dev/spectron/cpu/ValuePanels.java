package dev.spectron.cpu;

import dev.spectron.core.packing.Bf16Panels;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of some heads as right-hand sides of the product with attention weights: a column a
 * channel, the positions in depth. Memory comes in the chunks of {@link KeyPanels}.
 */
final class ValuePanels {
  private final Arena arena;
  private final int nHeads;
  private final int headDim;
  private final boolean bf16;
  private final List<Panels[]> chunks = new ArrayList<>();

  ValuePanels(Arena arena, KeyValues.HeadSizes sizes, boolean bf16) {
    this.arena = arena;
    this.nHeads = sizes.nHeads();
    this.headDim = sizes.headDim();
    this.bf16 = bf16;
  }

  /** Makes room for {@code positions} in all. */
  void reserve(int positions) {
    while ((long) chunks.size() * KeyPanels.CHUNK < positions) {
      Panels[] heads = new Panels[nHeads];
      for (int head = 0; head < nHeads; head++) {
        heads[head] = Panels.allocate(arena, headDim, KeyPanels.CHUNK, bf16);
      }
      chunks.add(heads);
    }
  }

  /** The values of one head at the positions of one chunk: {@code [CHUNK, headDim]}. */
  Panels chunk(int chunk, int head) {
    return chunks.get(chunk)[head];
  }

  /** Sets one head's value at a position to {@code headDim} values. */
  void set(int head, int position, float[] value, int from) {
    Panels panels = chunk(position / KeyPanels.CHUNK, head);
    if (bf16) {
      for (int c = 0; c < headDim; c++) {
        panels.setBf16(c, position % KeyPanels.CHUNK, Bf16Panels.bits(value[from + c]));
      }
      return;
    }
    for (int c = 0; c < headDim; c += Panels.WIDTH) {
      int count = Math.min(Panels.WIDTH, headDim - c);
      panels.setLine(c, position % KeyPanels.CHUNK, value, from + c, count);
    }
  }
}
