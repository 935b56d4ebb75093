package dev.spectron.cpu;

import dev.spectron.core.packing.PanelFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The right-hand side of a matrix product, {@code [depth, columns]}, off the heap and in the order
 * in which kernels read it: panels of sixteen columns, each panel one line of 64 bytes after the
 * other. As float32 a line is one step in depth; as bf16 it is two, the even one in the lower
 * halves of sixteen ints. Columns past the last are 0.
 *
 * @param data memory that holds the panels
 * @param base where they start, a multiple of 64
 * @param panelBytes from one panel to the next
 * @param columns columns in use
 * @param depth steps in depth
 * @param bf16 whether the numbers are bf16
 * @param rounds whether what they are multiplied with may be rounded to bf16 as well
 */
record Panels(
    MemorySegment data,
    long base,
    long panelBytes,
    int columns,
    int depth,
    boolean bf16,
    boolean rounds)
    implements Matrix {
  /** Columns of a panel. */
  static final int WIDTH = PanelFormat.WIDTH;

  /** Bytes of a line. */
  static final int LINE_BYTES = PanelFormat.LINE_BYTES;

  /** No columns. */
  static final Panels EMPTY = new Panels(MemorySegment.NULL, 0, 0, 0, 0, false, false);

  private static final int UPPER_HALF = 0xffff0000;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Panels full of zeros. */
  static Panels allocate(Arena arena, int columns, int depth, boolean bf16) {
    long bytes = Math.multiplyExact(panels(columns), panelBytes(depth, bf16));
    return zeros(arena.allocate(bytes, LINE_BYTES), columns, depth, bf16);
  }

  /** Panels of a weight, full of zeros. */
  static Panels allocate(WeightMemory memory, int columns, int depth, boolean bf16) {
    long bytes = Math.multiplyExact(panels(columns), panelBytes(depth, bf16));
    return zeros(memory.allocate(bytes), columns, depth, bf16);
  }

  private static Panels zeros(MemorySegment data, int columns, int depth, boolean bf16) {
    long panelBytes = panelBytes(depth, bf16);
    return new Panels(data, 0, panelBytes, columns, depth, bf16, false);
  }

  /** Stored panels of bf16, which may round what they are multiplied with. */
  static Panels stored(MemorySegment data, int columns, int depth) {
    return new Panels(data, 0, panelBytes(depth, true), columns, depth, true, true);
  }

  /** Panels that hold {@code columns}. */
  static int panels(int columns) {
    return Math.ceilDiv(columns, WIDTH);
  }

  /** Bytes of a panel. */
  static long panelBytes(int depth, boolean bf16) {
    return (bf16 ? Math.ceilDiv(depth, 2) : depth) * (long) LINE_BYTES;
  }

  /** Panels that hold {@code columns()}. */
  int panels() {
    return panels(columns);
  }

  /** Where the first line of a column starts; a vector of columns from there stays in its panel. */
  long address(int column) {
    return base + column / WIDTH * panelBytes + (long) (column % WIDTH) * Float.BYTES;
  }

  /** One element. */
  float get(int column, int k) {
    if (bf16) {
      return Float.intBitsToFloat(data.get(SHORT, shortAddress(column, k)) << Short.SIZE);
    }
    return data.get(FLOAT, address(column) + (long) k * LINE_BYTES);
  }

  /** Sets one element of float32 panels. */
  void set(int column, int k, float value) {
    data.set(FLOAT, address(column) + (long) k * LINE_BYTES, value);
  }

  /** Sets {@code count} adjacent columns of float32 panels, from the first of a panel on. */
  void setLine(int firstColumn, int k, float[] values, int from, int count) {
    long to = address(firstColumn) + (long) k * LINE_BYTES;
    MemorySegment.copy(values, from, data, FLOAT, to, count);
  }

  /** Copies the float32 panel that starts at a column to {@code [depth, WIDTH]}. */
  void readPanel(int firstColumn, float[] panel) {
    MemorySegment.copy(data, FLOAT, address(firstColumn), panel, 0, depth * WIDTH);
  }

  /** Copies {@code [depth, WIDTH]} to the float32 panel that starts at a column. */
  void writePanel(int firstColumn, float[] panel) {
    MemorySegment.copy(panel, 0, data, FLOAT, address(firstColumn), depth * WIDTH);
  }

  /** Copies the bf16 panel that starts at a column to {@code [depth / 2, WIDTH, 2]}. */
  void readHalves(int firstColumn, short[] panel) {
    int length = (int) (panelBytes / Short.BYTES);
    MemorySegment.copy(data, SHORT, address(firstColumn), panel, 0, length);
  }

  /** Copies {@code [depth / 2, WIDTH, 2]} to the bf16 panel that starts at a column. */
  void writeHalves(int firstColumn, short[] panel) {
    int length = (int) (panelBytes / Short.BYTES);
    MemorySegment.copy(panel, 0, data, SHORT, address(firstColumn), length);
  }

  /** Sets one element of bf16 panels to the upper half of a float. */
  void setBf16(int column, int k, short upperHalf) {
    data.set(SHORT, shortAddress(column, k), upperHalf);
  }

  private long shortAddress(int column, int k) {
    return address(column) + (long) (k / 2) * LINE_BYTES + (long) (k % 2) * Short.BYTES;
  }

  /**
   * Copies {@code steps} steps in depth of the panel that starts at a column to {@code [steps,
   * WIDTH]}.
   */
  void copyLines(int firstColumn, int k, int steps, float[] to) {
    int lines = bf16 ? (k + steps + 1) / 2 - k / 2 : steps;
    long from = address(firstColumn) + (long) (bf16 ? k / 2 : k) * LINE_BYTES;
    if (!bf16) {
      MemorySegment.copy(data, FLOAT, from, to, 0, lines * WIDTH);
      return;
    }
    int[] pairs = new int[lines * WIDTH];
    MemorySegment.copy(data, INT, from, pairs, 0, pairs.length);
    for (int step = 0; step < steps; step++) {
      int line = ((k + step) / 2 - k / 2) * WIDTH;
      int shift = (k + step) % 2 == 0 ? Short.SIZE : 0;
      for (int i = 0; i < WIDTH; i++) {
        to[step * WIDTH + i] = Float.intBitsToFloat(pairs[line + i] << shift & UPPER_HALF);
      }
    }
  }

  /** All as float32, {@code [panels, depth, WIDTH]}. */
  float[] unpack() {
    float[] all = new float[Math.multiplyExact(Math.multiplyExact(panels(), depth), WIDTH)];
    float[] lines = new float[depth * WIDTH];
    for (int panel = 0; panel < panels(); panel++) {
      copyLines(panel * WIDTH, 0, depth, lines);
      System.arraycopy(lines, 0, all, panel * lines.length, lines.length);
    }
    return all;
  }

  @Override
  public void copyColumn(int column, float[] to, int at) {
    for (int k = 0; k < depth; k++) {
      to[at + k] = get(column, k);
    }
  }
}
