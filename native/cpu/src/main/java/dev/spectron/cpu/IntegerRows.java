package dev.spectron.cpu;

import dev.spectron.core.packing.Packing;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of activations as 8-bit integers: each block of 32 has a scale, its largest magnitude over
 * 127. Laid out for the kernels on vectors: pairs of 16-bit integers that meet the even and odd
 * halves of the ints of a line. Reused from product to product.
 */
final class IntegerRows {
  /** Steps that share a scale. */
  static final int BLOCK = 32;

  private static final int LARGEST = 127;

  /** Element operations of quantising an element. */
  private static final long COST = 2;

  /** 1.5 · 2²³: a float that is added to it is rounded to the nearest integer. */
  private static final float ROUNDING = 0x1.8p23f;

  private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

  private final Machine machine;
  private int[] pairs = {};
  private float[] scales = {};
  private float[] sums = {};
  private int slabs;
  private int pairsPerSlab;

  IntegerRows(Machine machine) {
    this.machine = machine;
  }

  /** Takes rows for products with weights packed as {@code packing}. */
  void quantise(Rows x, int depth, Packing packing) {
    slabs = Math.ceilDiv(depth, BlockPanels.SLAB);
    pairsPerSlab = packing == Packing.INT8 ? Int8Kernel.PAIRS : Int4Kernel.PAIRS;
    reserve(x.count());
    machine
        .team()
        .split(
            x.count(),
            COST * depth,
            (first, end, worker) -> {
              int[] codes = machine.workspaces()[worker].codes.of(slabs * BlockPanels.SLAB);
              for (int row = first; row < end; row++) {
                quantise(x.data(), x.at(row), depth, codes, blocks(row));
                layOut(codes, row, packing);
              }
            });
  }

  private void layOut(int[] codes, int row, Packing packing) {
    for (int slab = 0; slab < slabs; slab++) {
      int to = pairs(row) + slab * pairsPerSlab;
      if (packing == Packing.INT8) {
        Int8Kernel.pair(codes, slab * BlockPanels.SLAB, pairs, to);
      } else {
        Int4Kernel.pair(codes, slab * BlockPanels.SLAB, pairs, to);
      }
    }
  }

  private void reserve(int rows) {
    int pairsNeeded = Math.multiplyExact(rows, slabs * pairsPerSlab);
    pairs = pairs.length < pairsNeeded ? new int[pairsNeeded] : pairs;
    int blocks = 2 * rows * slabs;
    scales = scales.length < blocks ? new float[blocks] : scales;
    sums = sums.length < blocks ? new float[blocks] : sums;
  }

  private void quantise(float[] x, int from, int depth, int[] codes, int firstBlock) {
    Arrays.fill(codes, depth, slabs * BlockPanels.SLAB, 0);
    for (int block = 0; block < 2 * slabs; block++) {
      int first = Math.min(depth, block * BLOCK);
      int count = Math.min(BLOCK, depth - first);
      float largest = largest(x, from + first, count);
      float inverse = largest == 0 ? 0 : LARGEST / largest;
      int sum = 0;
      for (int i = 0; i < count; i++) {
        float rounded = x[from + first + i] * inverse + ROUNDING;
        int code = Float.floatToRawIntBits(rounded) - ROUNDING_BITS;
        codes[first + i] = code;
        sum += code;
      }
      scales[firstBlock + block] = largest / LARGEST;
      sums[firstBlock + block] = sum;
    }
  }

  /** Largest magnitude; a whole block on vectors. */
  private float largest(float[] x, int from, int count) {
    VectorSpecies<Float> f = machine.width().floats();
    float largest = 0;
    if (count == BLOCK) {
      FloatVector most = FloatVector.zero(f);
      for (int i = 0; i < BLOCK; i += f.length()) {
        most = most.max(FloatVector.fromArray(f, x, from + i).abs());
      }
      return most.reduceLanes(VectorOperators.MAX);
    }
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(x[from + i]));
    }
    return largest;
  }

  /** Two codes in one int, the first in the lower half. */
  static int pair(int low, int high) {
    return (low & 0xFFFF) | (high << Short.SIZE);
  }

  /** Pairs of all rows. */
  int[] pairs() {
    return pairs;
  }

  /** Where the pairs of a row start. */
  int pairs(int row) {
    return row * slabs * pairsPerSlab;
  }

  /** Scale of each block. */
  float[] scales() {
    return scales;
  }

  /** Sum of the codes of each block. */
  float[] sums() {
    return sums;
  }

  /** Where the blocks of a row start. */
  int blocks(int row) {
    return row * 2 * slabs;
  }
}
