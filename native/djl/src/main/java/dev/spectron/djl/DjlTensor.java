package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;

/** An activation held by libtorch. */
record DjlTensor(NDArray array, Shape shape) implements Tensor {
  DjlTensor(NDArray array) {
    this(
        array,
        Shape.of(Arrays.stream(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray()));
  }
}
