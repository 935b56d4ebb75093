package dev.spectron.cpu;

/**
 * How the sum of a product runs over a row: runs of adjacent elements. A plain product is one run;
 * a convolution has one for each tap that is not adjacent to the last, so that the frames it sees
 * need not be copied out.
 *
 * @param starts where each run starts, counted from the start of the row
 * @param length elements of a run
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Taps(int[] starts, int length) {
  private static final int[] AT_ONCE = {0};

  /** One run. */
  static Taps one(int length) {
    return new Taps(AT_ONCE, length);
  }

  /** Runs that start {@code step} apart. */
  static Taps of(int count, int step, int length) {
    return of(1, 0, count, step, length);
  }

  /** Runs in {@code outer} groups of {@code inner}, the groups {@code outerStep} apart. */
  static Taps of(int outer, int outerStep, int inner, int innerStep, int length) {
    int[] starts = new int[outer * inner];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = i / inner * outerStep + i % inner * innerStep;
    }
    return new Taps(starts, length);
  }

  /** Terms of the sum. */
  int depth() {
    return starts.length * length;
  }

  /** From one run to the next; 0 of a single one. */
  int step() {
    return starts.length == 1 ? 0 : starts[1] - starts[0];
  }

  /** Whether all runs lie {@link #step()} apart. */
  boolean isEven() {
    for (int i = 1; i < starts.length; i++) {
      if (starts[i] - starts[i - 1] != step()) {
        return false;
      }
    }
    return true;
  }

  /** Elements from the first that the rows see to the last. */
  int span(Rows x) {
    return (x.count() - 1) * x.stride() + starts[starts.length - 1] - starts[0] + length;
  }
}
