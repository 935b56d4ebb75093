package dev.spectron.cpu;

/**
 * Elements of an array that are there: what rows see outside of them is 0. So rows may begin before
 * the first frame of a convolution's input, or end behind its last.
 *
 * @param from the first
 * @param end behind the last
 */
record Extent(int from, int end) {
  /** All that rows see. */
  static Extent of(Rows x, Taps taps) {
    int from = x.first() + taps.starts()[0];
    return new Extent(from, from + taps.span(x));
  }
}
