package dev.spectron.cpu;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Puts stored weights where kernels read them: rows into {@link Panels}, where BF16 stays bf16 and
 * every other type becomes float32; packed ones stay where they are, if they lie on a line.
 */
final class PanelPacker {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final WeightMemory memory;
  private final CpuTeam team;
  private final boolean copies;

  /**
   * A packer.
   *
   * @param memory holds the panels
   * @param team shares the work
   * @param copies whether packed weights are copied to {@code memory} even where they could stay
   */
  PanelPacker(WeightMemory memory, CpuTeam team, boolean copies) {
    this.memory = memory;
    this.team = team;
    this.copies = copies;
  }

  /**
   * Packs a matrix, or takes a convolution that is packed.
   *
   * @param data {@code [columns, depth]}, or packed {@code [columns, channels, taps]}
   */
  Matrix pack(WeightData data) {
    int columns = data.shape().size(0);
    int depth = Packing.depth(data.shape());
    return switch (data.packing()) {
      case ROWS -> packRows(data, columns, depth);
      case BF16 -> Panels.stored(onLines(data), columns, depth);
      case INT8, INT4 -> new BlockPanels(onLines(data), data.packing(), columns, depth);
    };
  }

  /** The bytes of a packed weight as they are, or copied where no line would start at one. */
  private MemorySegment onLines(WeightData data) {
    MemorySegment stored = data.data();
    boolean usable = stored.isNative() && stored.address() % Panels.LINE_BYTES == 0;
    return usable && !copies && team.canRead(stored) ? stored : memory.copy(stored);
  }

  private Panels packRows(WeightData data, int columns, int depth) {
    Panels panels = Panels.allocate(memory, columns, depth, data.dtype() == DType.BF16);
    if (team.canRead(data.data())) {
      team.run(panels.panels(), (panel, _) -> packPanel(data, panels, panel));
    } else {
      for (int panel = 0; panel < panels.panels(); panel++) {
        packPanel(data, panels, panel);
      }
    }
    return panels;
  }

  private static void packPanel(WeightData data, Panels panels, int panel) {
    int first = panel * Panels.WIDTH;
    int end = Math.min(first + Panels.WIDTH, panels.columns());
    for (int column = first; column < end; column++) {
      switch (data.dtype()) {
        case F32 -> packFloats(data, panels, column);
        case BF16 -> packShorts(data, panels, column);
        default -> packAny(data, panels, column);
      }
    }
  }

  private static void packFloats(WeightData data, Panels panels, int column) {
    long from = (long) column * panels.depth() * Float.BYTES;
    for (int k = 0; k < panels.depth(); k++) {
      panels.set(column, k, data.data().get(FLOAT, from + (long) k * Float.BYTES));
    }
  }

  private static void packShorts(WeightData data, Panels panels, int column) {
    long from = (long) column * panels.depth() * Short.BYTES;
    for (int k = 0; k < panels.depth(); k++) {
      panels.setBf16(column, k, data.data().get(SHORT, from + (long) k * Short.BYTES));
    }
  }

  private static void packAny(WeightData data, Panels panels, int column) {
    long from = (long) column * panels.depth();
    for (int k = 0; k < panels.depth(); k++) {
      panels.set(column, k, data.get(from + k));
    }
  }

  /**
   * Packs a matrix of which each element is asked for.
   *
   * @param bf16 whether to cut the elements to bf16
   */
  Panels pack(int columns, int depth, boolean bf16, Elements elements) {
    Panels panels = Panels.allocate(memory, columns, depth, bf16);
    for (int column = 0; column < columns; column++) {
      for (int k = 0; k < depth; k++) {
        float value = elements.at(column, k);
        if (bf16) {
          panels.setBf16(column, k, (short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
        } else {
          panels.set(column, k, value);
        }
      }
    }
    return panels;
  }

  /** The elements of a matrix. */
  @FunctionalInterface
  interface Elements {
    /** One of them. */
    float at(int column, int k);
  }
}
