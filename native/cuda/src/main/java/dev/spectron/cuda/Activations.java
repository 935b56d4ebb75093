package dev.spectron.cuda;

import dev.spectron.core.backend.Activation;

/** The activations as activation.cuh numbers them. */
final class Activations {
  private Activations() {}

  static int code(Activation activation) {
    return switch (activation) {
      case RELU -> 0;
      case LEAKY_RELU -> 1;
      case SILU -> 2;
      case GELU -> 3;
      case GELU_TANH -> 4;
      case SIGMOID -> 5;
      case TANH -> 6;
    };
  }
}
