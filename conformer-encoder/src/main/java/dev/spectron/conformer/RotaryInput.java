package dev.spectron.conformer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Rotary embedding of vectors that no attention has yet mapped to queries and keys: y = x ⊙ cos +
 * half-turned x ⊙ sin, made of the operations that every back end has. Only imported encoders need
 * it.
 */
final class RotaryInput {
  private RotaryInput() {}

  /**
   * Turns every head of every frame by its position.
   *
   * @param x {@code [batch, time, channels]}
   * @param headDim even, a divisor of the channels
   */
  static Tensor forward(Backend backend, Tensor x, int headDim) {
    Shape shape = x.shape();
    Shape halves = Shape.of(Math.toIntExact(shape.elements() / headDim), 2, headDim / 2);
    int rows = halves.size(0);
    Tensor split = backend.reshape(x, halves);
    Lengths one = Lengths.full(rows, 1);
    int[] second = new int[rows];
    Arrays.fill(second, 1);
    Tensor swapped =
        backend.concatTime(
            List.of(
                backend.sliceTime(split, second, one),
                backend.sliceTime(split, new int[rows], one)),
            List.of(one, one));
    Tensor[] angles = angles(backend, shape, headDim);
    return backend.add(
        backend.multiply(x, angles[0]),
        backend.multiply(backend.reshape(swapped, shape), angles[1]));
  }

  /** Cosines, and sines with the sign of the first half turned. */
  private static Tensor[] angles(Backend backend, Shape shape, int headDim) {
    double[] frequencies =
        new Position.Rotary(headDim, 10_000, new RotaryScaling.None()).frequencies();
    float[] cos = new float[shape.arrayLength()];
    float[] sin = new float[cos.length];
    int channels = shape.size(2);
    for (int i = 0; i < cos.length; i++) {
      int channel = i % channels % headDim;
      double angle = i / channels % shape.size(1) * frequencies[channel % frequencies.length];
      cos[i] = (float) Math.cos(angle);
      sin[i] = (float) (channel < frequencies.length ? -Math.sin(angle) : Math.sin(angle));
    }
    return new Tensor[] {backend.upload(cos, shape), backend.upload(sin, shape)};
  }
}
