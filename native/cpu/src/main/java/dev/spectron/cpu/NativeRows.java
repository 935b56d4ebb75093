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

  /** Whether {@link #quantise} takes such rows: no block spans two taps or two rows. */
  static boolean inBlocks(Rows x, Taps taps) {
    boolean onBlocks =
        x.stride() % BLOCK == 0 && taps.step() % BLOCK == 0 && taps.length() % BLOCK == 0;
    return apart(x, taps) || (taps.isEven() && onBlocks);
  }

  /** Whether {@link #round} takes such rows: no pair spans two taps. */
  static boolean inPairs(Taps taps) {
    return taps.isEven() && taps.length() % 2 == 0;
  }

  private static boolean apart(Rows x, Taps taps) {
    return taps.starts().length == 1 && x.stride() >= taps.length();
  }

  /** Takes rows as integers. */
  void quantise(Rows x, Taps taps) {
    this.taps = taps.starts().length;
    run = Math.ceilDiv(taps.length(), BLOCK);
    tap = taps.step() / BLOCK;
    int from = x.first() + taps.starts()[0];
    if (apart(x, taps)) {
      row = run;
      reserve(Math.multiplyExact(x.count(), run));
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
    } else {
      row = x.stride() / BLOCK;
      int blocks = taps.span(x) / BLOCK;
      reserve(blocks);
      team.split(
          blocks,
          COST * BLOCK,
          (first, end, _) ->
              natives.quantise(
                  x.data(),
                  from + first * BLOCK,
                  1,
                  0,
                  (end - first) * BLOCK,
                  end - first,
                  this,
                  first));
    }
  }

  /** Takes rows as bf16. */
  void round(Rows x, Taps taps) {
    this.taps = taps.starts().length;
    run = taps.length();
    tap = taps.step();
    row = x.stride();
    int from = x.first() + taps.starts()[0];
    int span = taps.span(x);
    if (halves.byteSize() < (long) span * Short.BYTES) {
      halves = MemorySegment.ofArray(new short[span]);
    }
    team.split(
        span,
        COST,
        (first, end, _) -> natives.toBf16(x.data(), from + first, end - first, this, first));
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
