package dev.spectron.cuda.emulator;

/** In which order the threads of a block, and its blocks, take their turns. */
public enum Order {
  /** First to last. */
  FORWARD(0),
  /** Last to first. */
  REVERSE(1),
  /** Shuffled anew at every turn. */
  SHUFFLED(2);

  private final int code;

  Order(int code) {
    this.code = code;
  }

  /** The order as the driver knows it. */
  int code() {
    return code;
  }
}
