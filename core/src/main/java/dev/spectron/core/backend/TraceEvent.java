package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;
import java.util.Locale;

/**
 * What one operation made.
 *
 * @param operation its name in {@link Backend}
 * @param path path of its first weight, empty if it has none
 * @param shape shape of the result
 * @param min smallest value, NaN aside; NaN if there is no other
 * @param max largest value, NaN aside; NaN if there is no other
 * @param nanCount values that are NaN
 */
public record TraceEvent(
    String operation, String path, Shape shape, float min, float max, long nanCount) {
  /** One line: {@code linear layers.3.x.weight [1, 75, 80] min -1.25 max 3.5 nan 0}. */
  @Override
  public String toString() {
    String where = path.isEmpty() ? operation : operation + " " + path;
    return String.format(
        Locale.ROOT, "%s %s min %.5g max %.5g nan %d", where, shape, min, max, nanCount);
  }
}
