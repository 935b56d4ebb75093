package dev.spectron.cpu;

import dev.spectron.core.packing.Packing;
import dev.spectron.core.packing.PanelFormat;
import java.lang.foreign.MemorySegment;

/**
 * A right-hand side as integers in blocks, as it is stored: {@link Packing#INT8} or {@link
 * Packing#INT4}.
 *
 * @param data exactly its panels, in memory or in a mapped file
 * @param packing their layout
 * @param columns columns in use
 * @param depth steps in depth
 */
record BlockPanels(MemorySegment data, Packing packing, int columns, int depth) implements Matrix {
  /** Steps of a slab of either layout. */
  static final int SLAB = 64;

  /** Panels that hold {@code columns()}. */
  int panels() {
    return PanelFormat.count(columns);
  }

  /** Slabs of a panel. */
  int slabs() {
    return Math.ceilDiv(depth, SLAB);
  }

  /** Bytes from one panel to the next. */
  long panelBytes() {
    return packing.panels().panelBytes(depth);
  }

  @Override
  public void copyColumn(int column, float[] to, int at) {
    PanelFormat format = packing.panels();
    MemorySegment panel = data.asSlice(column / PanelFormat.WIDTH * panelBytes(), panelBytes());
    for (int k = 0; k < depth; k++) {
      to[at + k] = format.get(panel, column % PanelFormat.WIDTH, k, depth);
    }
  }
}
