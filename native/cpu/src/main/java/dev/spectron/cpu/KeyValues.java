package dev.spectron.cpu;

import java.lang.foreign.Arena;

/**
 * Keys and values that one batch row attends to.
 *
 * @param keys rotated where the position is rotary
 * @param values as given
 */
record KeyValues(KeyPanels keys, ValuePanels values) {
  /**
   * None yet; memory is freed with {@code arena}.
   *
   * @param bf16 whether they are rounded to bf16
   */
  static KeyValues of(Arena arena, HeadSizes sizes, boolean bf16) {
    return new KeyValues(new KeyPanels(arena, sizes, bf16), new ValuePanels(arena, sizes, bf16));
  }

  /** Makes room for {@code positions} in all. */
  void reserve(int positions) {
    keys.reserve(positions);
    values.reserve(positions);
  }

  /**
   * Number and size of heads.
   *
   * @param nHeads key heads
   * @param headDim channels of a head
   */
  record HeadSizes(int nHeads, int headDim) {}
}
