package dev.spectron.cpu;

/** Which product kernels on vectors are compiled; {@link ScalarProducts} stand in for others. */
final class Readiness {
  private volatile boolean tiles;
  private volatile boolean rows;
  private volatile boolean bf16Rows;

  private Readiness(boolean ready) {
    this.tiles = ready;
    this.rows = ready;
    this.bf16Rows = ready;
  }

  /** Nothing stands in. */
  static Readiness complete() {
    return new Readiness(true);
  }

  /** Everything is stood in for until {@link #add}. */
  static Readiness none() {
    return new Readiness(false);
  }

  boolean isComplete() {
    return tiles && rows && bf16Rows;
  }

  boolean has(Kernel kernel) {
    return switch (kernel) {
      case TILE -> tiles;
      case ROW -> rows;
      case BF16_ROW -> bf16Rows;
    };
  }

  void add(Kernel kernel) {
    switch (kernel) {
      case TILE -> tiles = true;
      case ROW -> rows = true;
      case BF16_ROW -> bf16Rows = true;
    }
  }

  /** A loop that is compiled by itself. */
  enum Kernel {
    /** Several rows, and the unpacking of bf16 for them. */
    TILE,
    /** One row of float32 panels. */
    ROW,
    /** One row of bf16 panels. */
    BF16_ROW
  }
}
