package dev.spectron.cpu;

import dev.spectron.core.backend.Activation;
import java.util.Arrays;

/** Products of rows and weights, shared out among the team. */
final class DenseKernel {
  /** No value to start the sums from. */
  static final float[] NO_BIAS = {};

  private final Machine machine;
  private final Factors factors;
  private final Factors others;

  DenseKernel(Machine machine) {
    this.machine = machine;
    this.factors = new Factors(machine);
    this.others = new Factors(machine);
  }

  /** What becomes of a stretch of results while it is in the cache. */
  @FunctionalInterface
  interface Epilogue {
    /** Nothing. */
    Epilogue NONE = (_, _, _) -> {};

    /** Changes {@code length} values from {@code first} on. */
    void apply(float[] y, int first, int length);
  }

  /** An activation as an epilogue. */
  Epilogue activation(Activation activation) {
    return (y, first, length) -> ActivationKernel.apply(machine, activation, y, y, first, length);
  }

  /**
   * y = epilogue(x·W + b).
   *
   * @param bias one value a column, or an array of length 0
   * @param y as many rows as {@code x}
   */
  void apply(Rows x, Taps taps, Matrix weight, float[] bias, Epilogue epilogue, Rows y) {
    apply(x, taps, Extent.of(x, taps), weight, bias, epilogue, y);
  }

  /** Whether {@link #apply} takes rows that see more than there is. */
  boolean overhangs(Rows x, Taps taps, Extent extent, Matrix weight) {
    return factors.overhangs(x, taps, extent, weight);
  }

  /**
   * The same for rows that may overhang.
   *
   * @param extent elements of {@code x} that are there
   */
  void apply(
      Rows x, Taps taps, Extent extent, Matrix weight, float[] bias, Epilogue epilogue, Rows y) {
    Factors.Factor factor = factors.of(x, taps, extent, weight);
    Grid grid = Grid.of(x.count(), weight.columns(), taps.depth(), machine.team().threads());
    machine
        .team()
        .run(
            grid.tasks(),
            (task, worker) -> {
              int row = grid.firstRow(task);
              int rows = grid.rows(task);
              int column = grid.firstColumn(task);
              block(
                  machine.workspaces()[worker],
                  x.slice(row, rows),
                  row,
                  factor,
                  bias,
                  epilogue,
                  y.slice(row, rows, column),
                  column,
                  grid.columns(task));
            });
  }

  /**
   * One block of {@link #apply} on the calling thread.
   *
   * @param y starts at {@code column}
   */
  void block(
      Workspace workspace,
      Rows x,
      Taps taps,
      Matrix weight,
      float[] bias,
      Epilogue epilogue,
      Rows y,
      int column,
      int columns) {
    block(workspace, x, 0, factors.floats(taps, weight), bias, epilogue, y, column, columns);
  }

  private void block(
      Workspace workspace,
      Rows x,
      int row,
      Factors.Factor factor,
      float[] bias,
      Epilogue epilogue,
      Rows y,
      int column,
      int columns) {
    fill(y, bias, column, columns);
    factor.accumulate(workspace, x, row, column, columns, y);
    for (int i = 0; i < y.count(); i++) {
      epilogue.apply(y.data(), y.at(i), columns);
    }
  }

  private static void fill(Rows y, float[] bias, int column, int columns) {
    for (int row = 0; row < y.count(); row++) {
      if (bias.length == 0) {
        Arrays.fill(y.data(), y.at(row), y.at(row) + columns, 0);
      } else {
        System.arraycopy(bias, column, y.data(), y.at(row), columns);
      }
    }
  }

  /**
   * y = activation(x·Gate) ⊙ (x·Up). Several rows meet both factors in strips that stay in the
   * cache; one row reads each as it lies in memory.
   */
  void gated(Rows x, Matrix gate, Matrix up, Activation activation, Rows y) {
    Epilogue opening = activation(activation);
    Taps taps = Taps.one(gate.depth());
    Extent extent = Extent.of(x, taps);
    Factors.Factor toGate = factors.of(x, taps, extent, gate);
    Factors.Factor toUp = factors.serve(up) ? factors.again(up) : others.of(x, taps, extent, up);
    Grid grid = Grid.of(x.count(), gate.columns(), 2 * taps.depth(), machine.team().threads());
    machine
        .team()
        .run(
            grid.tasks(),
            (task, worker) -> {
              Workspace workspace = machine.workspaces()[worker];
              int first = grid.firstRow(task);
              Rows from = x.slice(first, grid.rows(task));
              Rows to = y.slice(grid.firstRow(task), grid.rows(task));
              int end = grid.firstColumn(task) + grid.columns(task);
              int strip = to.count() == 1 ? grid.columns(task) : PanelProduct.COLUMN_UNIT;
              Rows other = new Rows(workspace.gated.of(to.count() * strip), 0, strip, to.count());
              for (int column = grid.firstColumn(task); column < end; column += strip) {
                int columns = Math.min(strip, end - column);
                Rows gates = to.shift(column);
                block(workspace, from, first, toGate, NO_BIAS, opening, gates, column, columns);
                block(workspace, from, first, toUp, NO_BIAS, Epilogue.NONE, other, column, columns);
                for (int row = 0; row < to.count(); row++) {
                  PointwiseKernel.multiply(
                      machine.width(),
                      gates.data(),
                      gates.at(row),
                      other.data(),
                      other.at(row),
                      columns);
                }
              }
            });
  }
}
