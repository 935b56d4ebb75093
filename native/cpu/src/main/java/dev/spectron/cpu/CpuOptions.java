package dev.spectron.cpu;

/**
 * How to open the back end.
 *
 * @param vectorBits 128, 256 or 512, or 0 for the machine's own width; use one width a process
 * @param threads threads that compute, the caller included, at least 1; results do not depend on it
 * @param scalarStart whether scalar loops, which give the same results, do the products until
 *     vectors are worth their compilation; else the first calls are slow
 * @param nativeCode whether to use native kernels where the processor can; their results are those
 *     of the kernels on vectors for a few rows, and more rounded for many
 * @param hugePages whether packed weights are copied from their file to memory with huge pages,
 *     which is read faster but shared with no other process; else they stay where they are
 * @param bf16Cache whether keys and values are kept as bf16, in half the memory and rounded; else
 *     as float32
 * @param poison whether to fill recycled and fresh memory with NaN, so that tests see an element
 *     that nobody wrote
 */
public record CpuOptions(
    int vectorBits,
    int threads,
    boolean scalarStart,
    boolean nativeCode,
    boolean hugePages,
    boolean bf16Cache,
    boolean poison) {
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

  /** One without native code. */
  public CpuOptions(int vectorBits, int threads, boolean scalarStart, boolean poison) {
    this(vectorBits, threads, scalarStart, false, poison);
  }

  /** One that leaves packed weights in their file and rounds neither keys nor values. */
  public CpuOptions(
      int vectorBits, int threads, boolean scalarStart, boolean nativeCode, boolean poison) {
    this(vectorBits, threads, scalarStart, nativeCode, false, false, poison);
  }

  /**
   * All processors, the machine's own vector width, native code, packed weights left in their file,
   * and keys and values as float32; the system properties {@code spectron.cpu.threads}, {@code
   * spectron.cpu.vectorBits}, {@code spectron.cpu.native}, {@code spectron.cpu.hugePages} and
   * {@code spectron.cpu.bf16Cache} say otherwise.
   *
   * @throws IllegalArgumentException if a property is out of range
   */
  public static CpuOptions defaults() {
    return new CpuOptions(
        Integer.getInteger("spectron.cpu.vectorBits", 0),
        Integer.getInteger("spectron.cpu.threads", Runtime.getRuntime().availableProcessors()),
        true,
        Boolean.parseBoolean(System.getProperty("spectron.cpu.native", "true")),
        Boolean.getBoolean("spectron.cpu.hugePages"),
        Boolean.getBoolean("spectron.cpu.bf16Cache"),
        false);
  }
}
