package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;
import java.util.Arrays;

/** A parameter in double precision, row-major. */
final class ReferenceWeight implements Weight {
  private final String path;
  private final Shape shape;
  private final double[] values;

  ReferenceWeight(WeightData data) {
    this.path = data.path();
    this.shape = data.shape();
    this.values = data.toDoubles();
  }

  /** The parameter's numbers, as this back end's own kind. */
  static double[] values(Weight weight) {
    if (weight instanceof ReferenceWeight own) {
      return own.values;
    }
    throw new IllegalArgumentException(
        "reference: weight " + weight.path() + " was made by another back end; load it again");
  }

  /** The parameter's numbers, or {@code absent} everywhere if it is absent. */
  static double[] valuesOr(Weight weight, int size, double absent) {
    if (weight.isPresent()) {
      return values(weight);
    }
    double[] values = new double[size];
    Arrays.fill(values, absent);
    return values;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Shape shape() {
    return shape;
  }
}
