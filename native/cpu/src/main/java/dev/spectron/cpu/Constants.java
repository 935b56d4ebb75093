package dev.spectron.cpu;

import dev.spectron.core.backend.Weight;
import java.util.Arrays;

/** A vector of one number, which stands in for parameters that are absent. */
final class Constants {
  private final float number;
  private float[] vector = {};

  Constants(float number) {
    this.number = number;
  }

  /** The numbers of a vector, or this one {@code size} times or more for {@link Weight#none()}. */
  float[] unless(Weight weight, int size) {
    if (weight.isPresent()) {
      return CpuWeight.vector(weight);
    }
    if (vector.length < size) {
      vector = new float[size];
      Arrays.fill(vector, number);
    }
    return vector;
  }
}
