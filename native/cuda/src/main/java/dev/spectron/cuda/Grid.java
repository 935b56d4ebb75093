package dev.spectron.cuda;

/**
 * How many threads run a kernel.
 *
 * @param x blocks along x
 * @param y blocks along y
 * @param z blocks along z
 * @param threads threads of a block, along x
 * @param shared bytes of dynamic shared memory
 */
record Grid(int x, int y, int z, int threads, int shared) {
  private static final int USUAL_THREADS = 256;
  private static final int WARP = 32;

  /** A thread for each of {@code count} elements. */
  static Grid elements(int count) {
    return new Grid(Math.ceilDiv(count, USUAL_THREADS), 1, 1, USUAL_THREADS, 0);
  }

  /** A warp for each of {@code count} rows. */
  static Grid warps(int count) {
    return new Grid(Math.ceilDiv(count, USUAL_THREADS / WARP), 1, 1, USUAL_THREADS, 0);
  }

  /** A thread for each of {@code width} neighbours in each of {@code count} lines. */
  static Grid lines(int width, int count) {
    return new Grid(count, Math.ceilDiv(width, USUAL_THREADS), 1, USUAL_THREADS, 0);
  }

  /** Blocks of at most 128 threads over {@code width} neighbours, for each (x, z). */
  static Grid strips(int x, int width, int z) {
    int threads = Math.min(128, Math.ceilDiv(width, WARP) * WARP);
    return new Grid(x, Math.ceilDiv(width, threads), z, threads, 0);
  }
}
