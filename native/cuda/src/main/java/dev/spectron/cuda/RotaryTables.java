package dev.spectron.cuda;

import dev.spectron.core.backend.Position;
import java.util.HashMap;
import java.util.Map;

/**
 * Cosine and sine of every position and pair, {@code [position, dims / 2, 2]}, of angles in double
 * precision; grown as positions come up.
 */
final class RotaryTables {
  private final CudaDevice device;
  private final Map<Position.Rotary, Table> tables = new HashMap<>();

  RotaryTables(CudaDevice device) {
    this.device = device;
  }

  /** The address of a table that holds at least so many positions. */
  long address(Position.Rotary rotary, int positions) {
    Table table = tables.get(rotary);
    if (table == null || table.positions() < positions) {
      Table longer = make(rotary, Integer.highestOneBit(Math.max(positions, 64) - 1) * 2);
      if (table != null) {
        device.give(table.buffer());
      }
      tables.put(rotary, longer);
      table = longer;
    }
    return table.buffer().address();
  }

  private Table make(Position.Rotary rotary, int positions) {
    double[] frequencies = rotary.frequencies();
    float[] turns = new float[positions * frequencies.length * 2];
    for (int i = 0; i < turns.length; i += 2) {
      int pair = i / 2 % frequencies.length;
      int at = i / 2 / frequencies.length;
      double angle = at * frequencies[pair];
      turns[i] = (float) Math.cos(angle);
      turns[i + 1] = (float) Math.sin(angle);
    }
    return new Table(positions, device.upload(turns));
  }

  private record Table(int positions, DeviceBuffer buffer) {}
}
