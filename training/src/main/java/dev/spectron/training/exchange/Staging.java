package dev.spectron.training.exchange;

import ai.djl.ndarray.NDArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tensors on their way to other ranks: large ones where they lie, small ones, of which there are
 * many, side by side in memory of their own.
 *
 * @param large at least {@value #LARGE} values each
 * @param small fewer
 * @param together room for all small ones
 */
record Staging(List<MemorySegment> large, List<MemorySegment> small, MemorySegment together) {
  private static final long LARGE = 1 << 16;

  /**
   * Tensors of host memory that stays where it is.
   *
   * @param paths which of {@code arrays}
   */
  static Staging of(List<String> paths, Map<String, NDArray> arrays) {
    List<MemorySegment> large = new ArrayList<>();
    List<MemorySegment> small = new ArrayList<>();
    for (String path : paths) {
      NDArray array = arrays.get(path);
      (array.size() >= LARGE ? large : small).add(MemorySegment.ofBuffer(array.toByteBuffer(true)));
    }
    long bytes = small.stream().mapToLong(MemorySegment::byteSize).sum();
    return new Staging(
        large, small, Arena.ofAuto().allocate(bytes, ValueLayout.JAVA_LONG.byteSize()));
  }

  /** Sends those of all ranks, and takes over what became of them. */
  static void exchange(List<Staging> byRoot, Consumer<List<MemorySegment>> exchange) {
    byRoot.forEach(Staging::gather);
    int most = byRoot.stream().mapToInt(share -> share.large.size()).max().orElse(0);
    for (int i = 0; i < most; i++) {
      int index = i;
      exchange.accept(byRoot.stream().map(share -> share.large(index)).toList());
    }
    exchange.accept(byRoot.stream().map(Staging::together).toList());
    byRoot.forEach(Staging::scatter);
  }

  private MemorySegment large(int index) {
    return index < large.size() ? large.get(index) : MemorySegment.NULL;
  }

  private void gather() {
    long at = 0;
    for (MemorySegment values : small) {
      MemorySegment.copy(values, 0, together, at, values.byteSize());
      at += values.byteSize();
    }
  }

  private void scatter() {
    long at = 0;
    for (MemorySegment values : small) {
      MemorySegment.copy(together, at, values, 0, values.byteSize());
      at += values.byteSize();
    }
  }
}
