package dev.spectron.cpu;

/**
 * How to open the back end.
 *
 * @param vectorBits 128, 256 or 512, or 0 for the machine's own width; use one width a process
 * @param threads threads that compute, the caller included, at least 1; results do not depend on it
 * @param scalarStart whether scalar loops, which give the same results, do the products until
 *     vectors are worth their compilation; else the first calls are slow
 * @param poison whether to fill recycled and fresh memory with NaN, so that tests see an element
 *     that nobody wrote
 */
public record CpuOptions(int vectorBits, int threads, boolean scalarStart, boolean poison) {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public CpuOptions {
    if (vectorBits != 0 && vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
      throw new IllegalArgumentException(
          "backend cpu: expected a vector width of 0, 128, 256 or 512 bits, found " + vectorBits);
    }
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException(
          "backend cpu: expected 1 to 1024 threads, found " + threads);
    }
  }

  /** The machine's own vector width and all its processors. */
  public static CpuOptions defaults() {
    return new CpuOptions(0, Runtime.getRuntime().availableProcessors(), true, false);
  }
}
