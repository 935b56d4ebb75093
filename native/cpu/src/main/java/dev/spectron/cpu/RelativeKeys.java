package dev.spectron.cpu;

import dev.spectron.core.backend.Position;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/**
 * The projected sinusoids P·R(distance) of Transformer-XL positions, laid out like keys: one a
 * distance, the largest first, so that ascending keys meet ascending columns.
 */
final class RelativeKeys {
  private final Machine machine;
  private final DenseKernel dense;
  private final Arena arena;
  private final Map<Integer, Sinusoids> sinusoids = new HashMap<>();
  private final Map<KeyValues.HeadSizes, KeyPanels> panels = new HashMap<>();

  /** Memory is freed with {@code arena}. */
  RelativeKeys(Machine machine, DenseKernel dense, Arena arena) {
    this.machine = machine;
    this.dense = dense;
    this.arena = arena;
  }

  /**
   * Projects the distances {@code before} down to {@code −after}.
   *
   * @return column e holds distance {@code before − e}; good until the next call
   */
  KeyPanels project(Position.TransformerXl xl, KeyValues.HeadSizes sizes, int before, int after) {
    int count = before + after + 1;
    int channels = sizes.nHeads() * sizes.headDim();
    Matrix projection = CpuWeight.of(xl.projection()).matrix();
    Rows r = sinusoids(projection.depth(), Math.max(before, after)).slice(before, count);
    float[] projected = machine.pool().take(Math.multiplyExact(count, channels));
    dense.apply(
        r,
        Taps.one(projection.depth()),
        projection,
        DenseKernel.NO_BIAS,
        DenseKernel.Epilogue.NONE,
        new Rows(projected, 0, channels, count));
    KeyPanels keys = panels.computeIfAbsent(sizes, s -> new KeyPanels(arena, s, false));
    keys.reserve(count);
    machine
        .team()
        .split(
            sizes.nHeads(),
            (long) count * sizes.headDim(),
            (first, end, worker) -> {
              Workspace scratch = machine.workspaces()[worker];
              for (int head = first; head < end; head++) {
                Rows key = new Rows(projected, head * sizes.headDim(), channels, count);
                keys.set(head, 0, count, key, scratch);
              }
            });
    machine.pool().give(projected);
    return keys;
  }

  private Sinusoids sinusoids(int dModel, int furthest) {
    Sinusoids table = sinusoids.get(dModel);
    if (table == null || table.furthest() < furthest) {
      table = Sinusoids.of(dModel, Math.max(256, Integer.highestOneBit(furthest) * 2));
      sinusoids.put(dModel, table);
    }
    return table;
  }

  /**
   * R of all distances from {@code furthest} down to {@code −furthest}.
   *
   * @param dModel channels
   * @param furthest largest distance
   * @param values {@code [2·furthest + 1, dModel]}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sinusoids(int dModel, int furthest, float[] values) {
    static Sinusoids of(int dModel, int furthest) {
      float[] values = new float[Math.multiplyExact(2 * furthest + 1, dModel)];
      for (int c = 0; c < dModel; c++) {
        // Channels 2c and 2c + 1 share a frequency, as in Position.TransformerXl.sinusoid.
        double frequency = Math.pow(10000, -(c - c % 2) / (double) dModel);
        for (int i = 0; i <= 2 * furthest; i++) {
          double angle = (furthest - i) * frequency;
          values[i * dModel + c] = (float) (c % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
      }
      return new Sinusoids(dModel, furthest, values);
    }

    /** The rows of {@code count} distances from {@code before} down. */
    Rows slice(int before, int count) {
      return new Rows(values, (furthest - before) * dModel, dModel, count);
    }
  }
}
