package dev.spectron.conformer;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Conv1dSpec;

/**
 * The input frames that an output frame of a layer is made from: output t from inputs t · factor −
 * before up to t · factor + after, at most.
 *
 * @param factor input frames an output frame
 * @param grid the layer works alike on a part of its input that begins at a multiple of this
 * @param before frames seen before
 * @param after frames seen after
 */
record Context(int factor, int grid, int before, int after) {
  /**
   * That of convolutions of three taps and stride 2, one after the other: each sees one frame to
   * either side, which are as many inputs as the factor so far.
   */
  static Context ofSubsampling(int factor) {
    return new Context(factor, factor, factor - 1, factor - 1);
  }

  /** That of a block: what its convolution sees, and what each of these frames attends to. */
  static Context ofBlock(Conv1dSpec convolution, AttentionMask.Chunked mask) {
    int chunk = mask.size() - 1;
    return new Context(
        1,
        mask.size(),
        Math.addExact(convolution.padLeft() + chunk, mask.left()),
        Math.addExact(convolution.padRight() + chunk, mask.right()));
  }

  /** The first input that outputs from {@code output} on need, on the grid. */
  int start(int output) {
    return Math.max(0, Math.floorDiv(output * factor - before, grid) * grid);
  }

  /**
   * Outputs that are final once so many inputs are known.
   *
   * @param isLast whether no input follows
   */
  int ready(int known, boolean isLast) {
    return isLast
        ? Math.ceilDiv(known, factor)
        : Math.max(0, Math.floorDiv(known - 1 - after, factor) + 1);
  }

  /** Inputs that a pass sees besides new ones, at most. */
  int overlap() {
    return Math.addExact(before, after) + grid;
  }
}
