package dev.spectron.spokenlm;

/** Laps in milliseconds. */
final class Stopwatch {
  private long last = System.nanoTime();

  /** Milliseconds since the last call. */
  double lap() {
    long now = System.nanoTime();
    double elapsed = (now - last) / 1e6;
    last = now;
    return elapsed;
  }

  /** Runs something whose time belongs to no lap. */
  void without(Runnable other) {
    long start = System.nanoTime();
    try {
      other.run();
    } finally {
      last += System.nanoTime() - start;
    }
  }
}
