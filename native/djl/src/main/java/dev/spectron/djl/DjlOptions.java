package dev.spectron.djl;

/**
 * How to open a {@link DjlBackend}.
 *
 * @param training whether dropout is active and weights take gradients
 * @param precision arithmetic of the matrix products
 * @param threads threads of libtorch in this process, at least 1
 * @param seed start of the random numbers behind dropout
 */
public record DjlOptions(boolean training, Precision precision, int threads, long seed) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if {@code threads} is below 1
   */
  public DjlOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("djl: expected at least 1 thread, found " + threads);
    }
  }

  /** Answering: no gradients, no dropout, float32, all processors. */
  public static DjlOptions answering() {
    return new DjlOptions(false, Precision.F32, Runtime.getRuntime().availableProcessors(), 0);
  }

  /** Training in float32 on all processors. */
  public static DjlOptions training(long seed) {
    return new DjlOptions(true, Precision.F32, Runtime.getRuntime().availableProcessors(), seed);
  }

  /** The same with another arithmetic. */
  public DjlOptions withPrecision(Precision other) {
    return new DjlOptions(training, other, threads, seed);
  }

  /** The same with another number of threads. */
  public DjlOptions withThreads(int other) {
    return new DjlOptions(training, precision, other, seed);
  }
}
