package dev.spectron.cpu;

import dev.spectron.core.packing.Int8Panels;
import dev.spectron.core.packing.Packing;
import java.lang.foreign.MemorySegment;

/** What both layouts of {@link BlockPanels} offer. */
final class BlockKernel {
  private BlockKernel() {}

  /**
   * Writes slabs of a panel as float32 lines.
   *
   * @param slab index of the first
   * @param to address of the first line in {@code scratch}
   */
  static void unpack(
      VectorWidth width,
      BlockPanels b,
      int panel,
      int slab,
      int slabs,
      MemorySegment scratch,
      long to) {
    long at = panel * b.panelBytes();
    if (b.packing() == Packing.INT8) {
      long from = at + (long) slab * Int8Panels.SLAB_BYTES;
      Int8Kernel.unpack(width, b.data(), from, slabs, scratch, to);
    } else {
      Int4Kernel.unpack(width, b.data(), at, slab, slabs, scratch, to);
    }
  }
}
