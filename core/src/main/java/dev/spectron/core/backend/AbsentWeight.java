package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;

enum AbsentWeight implements Weight {
  NONE;

  @Override
  public String path() {
    return "(none)";
  }

  @Override
  public Shape shape() {
    return Shape.of();
  }

  @Override
  public boolean isPresent() {
    return false;
  }
}
