package dev.spectron.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Rows of activations as native kernels read them: rounded once, as 8-bit integers in blocks of 32
 * with a scale each or as bf16, and laid out so that the rows of a convolution, which overlap,
 * still do. Reused from product to product.
 */
final class NativeRows {
  /** Steps that share a scale. */
  static final int BLOCK = IntegerRows.BLOCK;

  /** Element operations of rounding an element. */
  private static final long COST = 1;

  private final CpuTeam team;
  private final NativeProducts natives;
  private MemorySegment codes = MemorySegment.ofArray(new byte[0]);
  private MemorySegment scales = MemorySegment.ofArray(new float[0]);
  private MemorySegment sums = MemorySegment.ofArray(new float[0]);
  private MemorySegment starts = MemorySegment.ofArray(new int[0]);
  private MemorySegment halves = MemorySegment.ofArray(new short[0]);
  private long row;
  private int taps;
  private long tap;
  private int run;

  NativeRows(CpuTeam team, NativeProducts natives) {
    this.team = team;
    this.natives = natives;
  }

  /** Whether {@link #quantise} takes such rows: no block spans two taps, two rows, or an edge. */
  static boolean inBlocks(Rows x, Taps taps, Extent extent) {
    int start = x.first() + taps.starts()[0];
    return apart(x, taps, extent)
        || (taps.isEven()
            && x.stride() % BLOCK == 0
            && taps.step() % BLOCK == 0
            && taps.length() % BLOCK == 0
            && (extent.from() - start) % BLOCK == 0
            && (extent.end() - start) % BLOCK == 0);
  }

  /** Whether {@link #round} takes such rows: no pair spans two taps. */
  static boolean inPairs(Taps taps) {
    return taps.isEven() && taps.length() % 2 == 0;
  }

  /** Whether each row is there as a whole and for itself. */
  private static boolean apart(Rows x, Taps taps, Extent extent) {
    return taps.starts().length == 1
        && x.stride() >= taps.length()
        && extent.equals(Extent.of(x, taps));
  }

  /** Takes rows as integers. */
  void quantise(Rows x, Taps taps, Extent extent) {
    this.taps = taps.starts().length;
    run = Math.ceilDiv(taps.length(), BLOCK);
    tap = taps.step() / BLOCK;
    if (apart(x, taps, extent)) {
      row = run;
      quantiseRows(x, taps);
    } else {
      row = x.stride() / BLOCK;
      quantiseRun(x, taps, extent);
    }
  }

  private void quantiseRows(Rows x, Taps taps) {
    reserve(Math.multiplyExact(x.count(), run));
    int from = x.first() + taps.starts()[0];
    team.split(
        x.count(),
        COST * taps.length(),
        (first, end, _) ->
            natives.quantise(
                x.data(),
                from + first * x.stride(),
                end - first,
                x.stride(),
                taps.length(),
                run,
                this,
                first * run));
  }

  private void quantiseRun(Rows x, Taps taps, Extent extent) {
    int start = x.first() + taps.starts()[0];
    int blocks = taps.span(x) / BLOCK;
    int there = Math.clamp((extent.from() - start) / BLOCK, 0, blocks);
    int gone = Math.clamp((extent.end() - start) / BLOCK, there, blocks);
    reserve(blocks);
    silence(0, there);
    silence(gone, blocks);
    team.split(
        gone - there,
        COST * BLOCK,
        (first, end, _) ->
            natives.quantise(
                x.data(),
                start + (there + first) * BLOCK,
                1,
                0,
                (end - first) * BLOCK,
                end - first,
                this,
                there + first));
  }

  /** Blocks of 0: whatever their codes are, their scale is 0. */
  private void silence(int first, int end) {
    if (first < end) {
      long from = (long) first * Float.BYTES;
      long bytes = (long) (end - first) * Float.BYTES;
      scales.asSlice(from, bytes).fill((byte) 0);
      sums.asSlice(from, bytes).fill((byte) 0);
      starts.asSlice(from, bytes).fill((byte) 0);
    }
  }

  /** Takes rows as bf16. */
  void round(Rows x, Taps taps, Extent extent) {
    this.taps = taps.starts().length;
    run = taps.length();
    tap = taps.step();
    row = x.stride();
    int start = x.first() + taps.starts()[0];
    int span = taps.span(x);
    int there = Math.clamp(extent.from() - start, 0, span);
    int gone = Math.clamp(extent.end() - start, there, span);
    if (halves.byteSize() < (long) span * Short.BYTES) {
      halves = MemorySegment.ofArray(new short[span]);
    }
    halves.asSlice(0, (long) there * Short.BYTES).fill((byte) 0);
    halves.asSlice((long) gone * Short.BYTES, (long) (span - gone) * Short.BYTES).fill((byte) 0);
    team.split(
        gone - there,
        COST,
        (first, end, _) ->
            natives.toBf16(x.data(), start + there + first, end - first, this, there + first));
  }

  private void reserve(int blocks) {
    if (scales.byteSize() < (long) blocks * Float.BYTES) {
      codes = MemorySegment.ofArray(new byte[Math.multiplyExact(blocks, BLOCK)]);
      scales = MemorySegment.ofArray(new float[blocks]);
      sums = MemorySegment.ofArray(new float[blocks]);
      starts = MemorySegment.ofArray(new int[blocks]);
    }
  }

  /** Codes of all blocks, a byte each. */
  MemorySegment codes() {
    return codes;
  }

  /** Scale of each block. */
  MemorySegment scales() {
    return scales;
  }

  /** Sum of the codes of each block. */
  MemorySegment sums() {
    return sums;
  }

  /** −128 times the sum of the codes of each block, an int each. */
  MemorySegment starts() {
    return starts;
  }

  /** The numbers as bf16. */
  MemorySegment halves() {
    return halves;
  }

  /** From row to row: blocks, or elements as bf16. */
  long row() {
    return row;
  }

  /** Runs that a row consists of. */
  int taps() {
    return taps;
  }

  /** From run to run, counted as {@link #row()}. */
  long tap() {
    return tap;
  }

  /** Length of a run, counted as {@link #row()}. */
  int run() {
    return run;
  }
}
