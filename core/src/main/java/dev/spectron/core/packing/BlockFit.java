package dev.spectron.core.packing;

/**
 * Scale and offset with which codes from 0 to 15 come nearest to the numbers of a block, in the
 * mean square. From the line through least and greatest number, and lines that clip the outermost a
 * little: codes for a line, then the line that fits the codes best (a linear regression), and the
 * best of all.
 *
 * @param scale from one code to the next, at least 0
 * @param offset of code 0
 */
record BlockFit(float scale, float offset) {
  private static final int LARGEST = 15;

  /** Shares of the range that are tried, from all of it down, in steps of {@link #CLIP_STEP}. */
  private static final int TRIALS = 10;

  private static final float CLIP_STEP = 0.025f;

  /** The fit of {@code values[from]} up to {@code values[to]}, exclusive. */
  static BlockFit of(float[] values, int from, int to) {
    float least = values[from];
    float greatest = values[from];
    for (int i = from + 1; i < to; i++) {
      least = Math.min(least, values[i]);
      greatest = Math.max(greatest, values[i]);
    }
    BlockFit best = new BlockFit((greatest - least) / LARGEST, least);
    double smallest = best.error(values, from, to);
    for (int trial = 0; trial < TRIALS; trial++) {
      float clipped = (greatest - least) * trial * CLIP_STEP / 2;
      BlockFit start = new BlockFit((greatest - least - 2 * clipped) / LARGEST, least + clipped);
      BlockFit fit = start.refit(values, from, to);
      double error = fit.error(values, from, to);
      if (error < smallest) {
        smallest = error;
        best = fit;
      }
    }
    return best;
  }

  /** The code nearest to a value. */
  int code(float value) {
    return scale == 0 ? 0 : Math.clamp(Math.round((value - offset) / scale), 0, LARGEST);
  }

  /** Linear regression of the values on their codes. */
  private BlockFit refit(float[] values, int from, int to) {
    double n = to - from;
    double codes = 0;
    double squares = 0;
    double sum = 0;
    double products = 0;
    for (int i = from; i < to; i++) {
      int code = code(values[i]);
      codes += code;
      squares += code * code;
      sum += values[i];
      products += code * (double) values[i];
    }
    double spread = n * squares - codes * codes;
    if (spread == 0) {
      return this;
    }
    double slope = Math.max(0, (n * products - codes * sum) / spread);
    return new BlockFit((float) slope, (float) ((sum - slope * codes) / n));
  }

  private double error(float[] values, int from, int to) {
    double error = 0;
    for (int i = from; i < to; i++) {
      double difference = values[i] - (scale * code(values[i]) + offset);
      error += difference * difference;
    }
    return error;
  }
}
