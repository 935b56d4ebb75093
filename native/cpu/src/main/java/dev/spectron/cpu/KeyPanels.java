package dev.spectron.cpu;

import dev.spectron.core.packing.Bf16Panels;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of some heads as right-hand sides of the product with queries: a column a position, the
 * head's channels in depth. Memory comes in chunks of positions as they are used.
 */
final class KeyPanels {
  /** Positions of a chunk, a multiple of {@link PanelProduct#COLUMN_UNIT}. */
  static final int CHUNK = 256;

  private final Arena arena;
  private final int nHeads;
  private final int headDim;
  private final boolean bf16;
  private final List<Panels[]> chunks = new ArrayList<>();

  KeyPanels(Arena arena, KeyValues.HeadSizes sizes, boolean bf16) {
    this.arena = arena;
    this.nHeads = sizes.nHeads();
    this.headDim = sizes.headDim();
    this.bf16 = bf16;
  }

  /** Makes room for {@code positions} in all. */
  void reserve(int positions) {
    while ((long) chunks.size() * CHUNK < positions) {
      Panels[] heads = new Panels[nHeads];
      for (int head = 0; head < nHeads; head++) {
        heads[head] = Panels.allocate(arena, CHUNK, headDim, bf16);
      }
      chunks.add(heads);
    }
  }

  /** The keys of one head at the positions of one chunk: {@code [headDim, CHUNK]}. */
  Panels chunk(int chunk, int head) {
    return chunks.get(chunk)[head];
  }

  /**
   * Sets one head's keys at {@code count} positions, a panel at a time on the heap: element by
   * element, the checks of off-heap memory would cost more than the product.
   *
   * @param key {@code [count, headDim]}
   * @param scratch of the calling thread
   */
  void set(int head, int position, int count, Rows key, Workspace scratch) {
    int done = 0;
    while (done < count) {
      int at = position + done;
      int lane = at % Panels.WIDTH;
      int columns = Math.min(Panels.WIDTH - lane, count - done);
      Panels panels = chunk(at / CHUNK, head);
      Rows keys = key.slice(done, columns);
      if (bf16) {
        setHalves(panels, at % CHUNK - lane, lane, keys, scratch.halves);
      } else {
        setFloats(panels, at % CHUNK - lane, lane, keys, scratch.scores);
      }
      done += columns;
    }
  }

  private void setFloats(Panels panels, int first, int lane, Rows keys, Workspace.Buffer scratch) {
    float[] panel = scratch.of(headDim * Panels.WIDTH);
    panels.readPanel(first, panel);
    for (int column = 0; column < keys.count(); column++) {
      int from = keys.at(column);
      for (int c = 0; c < headDim; c++) {
        panel[c * Panels.WIDTH + lane + column] = keys.data()[from + c];
      }
    }
    panels.writePanel(first, panel);
  }

  private void setHalves(
      Panels panels, int first, int lane, Rows keys, Workspace.ShortBuffer scratch) {
    int line = 2 * Panels.WIDTH;
    short[] panel = scratch.of(Math.ceilDiv(headDim, 2) * line);
    panels.readHalves(first, panel);
    for (int column = 0; column < keys.count(); column++) {
      int from = keys.at(column);
      for (int c = 0; c < headDim; c++) {
        int to = c / 2 * line + 2 * (lane + column) + c % 2;
        panel[to] = Bf16Panels.bits(keys.data()[from + c]);
      }
    }
    panels.writeHalves(first, panel);
  }
}
