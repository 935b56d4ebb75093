package dev.spectron.core.backend;

import dev.spectron.core.error.ShapeException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/**
 * Shape checks of one operation's operands. Every failure reads {@code operation weight-path:
 * expected …, found …}.
 *
 * @param operation the operation's name
 * @param weight the weight to name, or {@link Weight#none()}
 */
record Operands(String operation, Weight weight) {
  static Operands of(String operation) {
    return new Operands(operation, Weight.none());
  }

  ShapeException expected(String expected, Object found) {
    String where = weight.isPresent() ? operation + " " + weight.path() : operation;
    return new ShapeException(where + ": expected " + expected + ", found " + found);
  }

  void present() {
    if (!weight.isPresent()) {
      throw new ShapeException(operation + ": expected a weight, found none");
    }
  }

  /** The weight has the sizes of {@code pattern}, such as {@code [out, in]}. */
  void weightRank(int rank, String pattern) {
    present();
    if (weight.shape().rank() != rank) {
      throw expected("weight " + pattern, weight.shape());
    }
  }

  /** {@code vector} is {@code [size]}. */
  void vector(String role, Weight vector, int size) {
    Shape shape = vector.shape();
    if (!vector.isPresent() || shape.rank() != 1 || shape.size(0) != size) {
      throw expected(role + " [" + size + "]", vector.isPresent() ? shape : "none");
    }
  }

  /** {@code vector} is {@code [size]} or absent. */
  void vectorIfPresent(String role, Weight vector, int size) {
    if (vector.isPresent()) {
      vector(role, vector, size);
    }
  }

  /** {@code matrix} is {@code [rows, columns]}. */
  void matrix(String role, Weight matrix, int rows, int columns) {
    Shape shape = matrix.shape();
    boolean fits = shape.rank() == 2 && shape.size(0) == rows && shape.size(1) == columns;
    if (!matrix.isPresent() || !fits) {
      Object found = matrix.isPresent() ? shape : "none";
      throw expected(role + " [" + rows + ", " + columns + "]", found);
    }
  }

  /** {@code x} has at least one axis. */
  void notScalar(Tensor x) {
    if (x.shape().rank() == 0) {
      throw expected("[..., channels]", x.shape());
    }
  }

  /** {@code x} is {@code [..., channels]}. */
  void channels(Tensor x, int channels) {
    if (x.shape().rank() == 0 || x.shape().size(-1) != channels) {
      throw expected("[..., " + channels + "]", x.shape());
    }
  }

  /** {@code x} is {@code [batch, time, channels]} with any number of channels. */
  void frames(Tensor x) {
    if (x.shape().rank() != 3) {
      throw expected("[batch, time, channels]", x.shape());
    }
  }

  /** {@code x} is {@code [batch, time, channels]}. */
  void frames(Tensor x, int channels) {
    if (x.shape().rank() != 3 || x.shape().size(2) != channels) {
      throw expected("[batch, time, " + channels + "]", x.shape());
    }
  }

  /** {@code x} has the shape of another operand. */
  void sameShape(Shape shape, Tensor x) {
    if (!x.shape().equals(shape)) {
      throw expected(shape.toString(), x.shape());
    }
  }

  /** One length a row of {@code x}, none longer than its time. */
  void lengths(Lengths lengths, Tensor x) {
    int batch = x.shape().size(0);
    int time = x.shape().size(1);
    boolean fits = lengths.batch() == batch;
    for (int row = 0; fits && row < batch; row++) {
      fits = lengths.at(row) <= time;
    }
    if (!fits) {
      throw expected(
          "lengths of " + batch + " rows, each up to " + time + " as in " + x.shape(), lengths);
    }
  }

  /** A count is at least {@code least}. */
  void atLeast(String role, long least, long found) {
    if (found < least) {
      throw expected(role + " of at least " + least, found);
    }
  }

  /** A size fits an {@code int}. */
  void fitsInt(String role, long found) {
    if (found > Integer.MAX_VALUE) {
      throw expected(role + " of at most " + Integer.MAX_VALUE, found);
    }
  }

  /** Groups divide the channels on both sides of a convolution. */
  void groups(int groups, int inPerGroup, int out) {
    if (out % groups != 0 || (long) groups * inPerGroup > Integer.MAX_VALUE) {
      throw expected("groups that divide " + out + " output channels", groups);
    }
  }
}
