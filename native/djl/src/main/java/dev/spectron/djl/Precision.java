package dev.spectron.djl;

/** Arithmetic of the matrix products; weights, gradients and all results are float32 either way. */
public enum Precision {
  /** IEEE single precision. */
  F32,
  /**
   * Operands of linear layers and attention rounded to bfloat16, sums in float32: the fast way
   * where the CPU has it.
   */
  BF16
}
