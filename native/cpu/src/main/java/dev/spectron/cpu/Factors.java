package dev.spectron.cpu;

import dev.spectron.core.packing.Packing;
import java.util.List;

/**
 * How a product with each kind of right-hand side is computed. Where the rows are to meet it
 * rounded, they are rounded once, before the blocks of the product are shared out.
 */
final class Factors {
  private final PanelProduct floats;
  private final IntegerProduct integers;
  private final IntegerRows integerRows;

  /** One element, or none without native code. */
  private final List<NativeRows> nativeRows;

  private final List<NativeProducts> natives;
  private final boolean integersNatively;
  private final boolean bf16Natively;

  Factors(Machine machine) {
    this.floats = new PanelProduct(machine.width(), machine.scalars());
    this.integers = new IntegerProduct(machine.width());
    this.integerRows = new IntegerRows(machine);
    this.natives = machine.natives();
    this.integersNatively = natives.stream().anyMatch(NativeProducts::hasIntegers);
    this.bf16Natively = natives.stream().anyMatch(NativeProducts::hasBf16);
    this.nativeRows =
        natives.stream().map(products -> new NativeRows(machine.team(), products)).toList();
  }

  /** A right-hand side, and how a block of the product with it is computed. */
  @FunctionalInterface
  interface Factor {
    /**
     * y += x·W for some rows and columns.
     *
     * @param row index of the first row of {@code x} among all
     * @param y starts at {@code column}
     */
    void accumulate(Workspace workspace, Rows x, int row, int column, int columns, Rows y);
  }

  /** What a product takes its rows as. */
  private enum Form {
    FLOATS,
    PAIRS,
    NATIVE_BLOCKS,
    NATIVE_BF16
  }

  private Form form = Form.FLOATS;
  private Packing rounded = Packing.ROWS;
  private Taps taps = Taps.one(1);

  /** Whether rows may see more than there is in a product with {@code weight}. */
  boolean overhangs(Rows x, Taps taps, Extent extent, Matrix weight) {
    Form asked = form(x, taps, extent, weight);
    return asked == Form.NATIVE_BLOCKS || asked == Form.NATIVE_BF16;
  }

  /**
   * The product of all these rows, rounded now where they have to be, with {@code weight}.
   *
   * @param extent all that the rows see, unless they may overhang
   */
  Factor of(Rows x, Taps taps, Extent extent, Matrix weight) {
    this.taps = taps;
    form = form(x, taps, extent, weight);
    switch (form) {
      case FLOATS -> {}
      case PAIRS -> {
        rounded = ((BlockPanels) weight).packing();
        integerRows.quantise(x, weight.depth(), rounded);
      }
      case NATIVE_BLOCKS -> nativeRows.getFirst().quantise(x, taps, extent);
      case NATIVE_BF16 -> nativeRows.getFirst().round(x, taps, extent);
    }
    return again(weight);
  }

  private Form form(Rows x, Taps taps, Extent extent, Matrix weight) {
    return switch (weight) {
      case BlockPanels _ when integersNatively ->
          NativeRows.inBlocks(x, taps, extent) ? Form.NATIVE_BLOCKS : Form.FLOATS;
      case BlockPanels _ ->
          IntegerProduct.takes(x.count()) && isPlain(taps) ? Form.PAIRS : Form.FLOATS;
      case Panels panels ->
          panels.rounds() && bf16Natively && NativeRows.inPairs(taps)
              ? Form.NATIVE_BF16
              : Form.FLOATS;
    };
  }

  private static boolean isPlain(Taps taps) {
    return taps.starts().length == 1 && taps.starts()[0] == 0;
  }

  /** Whether the rows that {@link #of} was given last are fit for a product with {@code other}. */
  boolean serve(Matrix other) {
    return switch (form) {
      case FLOATS -> false;
      case PAIRS -> other instanceof BlockPanels blocks && blocks.packing() == rounded;
      case NATIVE_BLOCKS -> other instanceof BlockPanels;
      case NATIVE_BF16 -> other instanceof Panels panels && panels.rounds();
    };
  }

  /** The product of the rows that {@link #of} was given last with another right-hand side. */
  Factor again(Matrix weight) {
    return switch (form) {
      case FLOATS -> floats(taps, weight);
      case PAIRS ->
          (workspace, _, row, column, columns, y) ->
              integers.accumulate(
                  workspace, integerRows, row, (BlockPanels) weight, column, columns, y);
      case NATIVE_BLOCKS ->
          (_, _, row, column, columns, y) ->
              natives
                  .getFirst()
                  .accumulate(nativeRows.getFirst(), row, (BlockPanels) weight, column, columns, y);
      case NATIVE_BF16 ->
          (_, _, row, column, columns, y) ->
              natives
                  .getFirst()
                  .accumulate(nativeRows.getFirst(), row, (Panels) weight, column, columns, y);
    };
  }

  /** The product of rows as they are. */
  Factor floats(Taps taps, Matrix weight) {
    int depth = taps.length();
    return (workspace, x, _, column, columns, y) -> {
      for (int tap = 0; tap < taps.starts().length; tap++) {
        Rows from = x.shift(taps.starts()[tap]);
        floats.accumulate(workspace, from, weight, tap * depth, depth, column, columns, y);
      }
    };
  }
}
