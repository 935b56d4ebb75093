package dev.spectron.core.backend;

/** A group of tests that every back end must pass. */
public interface OperationContract {
  /** Large enough to spoil any result that it leaks into. */
  float POISON = 1e6f;

  /** The back end under test beside the reference. */
  SideBySide sides();

  /** Error of a product with BF16 weights, relative L2. */
  default double bf16Tolerance() {
    return 1e-2;
  }
}
