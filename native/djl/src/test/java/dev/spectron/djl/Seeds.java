package dev.spectron.djl;

/** The seed of a test's random data; {@code -Dspectron.test.seed=…} repeats a run. */
final class Seeds {
  private Seeds() {}

  static long next() {
    return Long.getLong("spectron.test.seed", System.nanoTime());
  }
}
