package dev.spectron.cpu;

import dev.spectron.core.backend.Position;
import java.util.HashMap;
import java.util.Map;

/** Cosines and sines of rotary positions, computed once a position. */
final class RotaryTables {
  private final Map<Position.Rotary, Table> tables = new HashMap<>();

  /** The table of a rotary embedding, good for positions below {@code positions}. */
  Table of(Position.Rotary rotary, int positions) {
    Table table = tables.get(rotary);
    if (table == null || table.positions() < positions) {
      table = Table.of(rotary, Math.max(256, Integer.highestOneBit(positions) * 2));
      tables.put(rotary, table);
    }
    return table;
  }

  /**
   * Rotations by position.
   *
   * @param half pairs of channels
   * @param cos {@code [positions, half]}
   * @param sin {@code [positions, half]}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Table(int half, float[] cos, float[] sin) {
    private static Table of(Position.Rotary rotary, int positions) {
      double[] frequencies = rotary.frequencies();
      int half = frequencies.length;
      float[] cos = new float[Math.multiplyExact(positions, half)];
      float[] sin = new float[cos.length];
      for (int position = 0; position < positions; position++) {
        for (int i = 0; i < half; i++) {
          double angle = position * frequencies[i];
          cos[position * half + i] = (float) Math.cos(angle);
          sin[position * half + i] = (float) Math.sin(angle);
        }
      }
      return new Table(half, cos, sin);
    }

    private int positions() {
      return cos.length / half;
    }

    /** Rotates the head that starts at {@code x[at]} to its position. */
    void rotate(float[] x, int at, int position) {
      int from = position * half;
      for (int i = 0; i < half; i++) {
        float a = x[at + i];
        float b = x[at + half + i];
        x[at + i] = a * cos[from + i] - b * sin[from + i];
        x[at + half + i] = b * cos[from + i] + a * sin[from + i];
      }
    }
  }
}
