package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/** An activation in double precision; {@code values} are never changed once it is made. */
final class ReferenceTensor implements Tensor {
  private final Shape shape;
  private final double[] values;
  private ReferenceScope owner;

  ReferenceTensor(Shape shape, double[] values, ReferenceScope owner) {
    this.shape = shape;
    this.values = values;
    this.owner = owner;
  }

  /** The operand as this back end's own kind. */
  static ReferenceTensor of(Tensor x) {
    if (x instanceof ReferenceTensor tensor) {
      return tensor;
    }
    throw new IllegalArgumentException(
        "reference: tensor " + x.shape() + " was made by another back end; upload its values");
  }

  @Override
  public Shape shape() {
    return shape;
  }

  double[] values() {
    if (!owner.isOpen()) {
      throw new IllegalStateException(
          "reference: tensor " + shape + " outlived its scope; hand it on with Scope.keep");
    }
    return values;
  }

  ReferenceScope owner() {
    return owner;
  }

  void moveTo(ReferenceScope scope) {
    owner = scope;
  }
}
