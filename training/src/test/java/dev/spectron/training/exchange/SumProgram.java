package dev.spectron.training.exchange;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A rank that checks every way to tell the others something. */
final class SumProgram {
  private static final int[] SIZES = {1, 7, (1 << 18) - 1, (1 << 18) + 1, 5 * (1 << 18) + 3};

  private SumProgram() {}

  /**
   * Checks, and prints "ok".
   *
   * @param arguments a rank that gives up before the others are done, if any
   */
  public static void main(String[] arguments) {
    try (GradientExchange exchange = OpenMpi.join();
        Arena arena = Arena.ofConfined()) {
      for (int size : SIZES) {
        List<MemorySegment> byRoot = new ArrayList<>();
        for (int root = 0; root < exchange.ranks(); root++) {
          byRoot.add(arena.allocate(ValueLayout.JAVA_FLOAT, root == 1 ? 0 : size + 11L * root));
        }
        byRoot.forEach(values -> fill(values, exchange.rank()));
        exchange.reduce(byRoot);
        check(
            byRoot.get(exchange.rank()),
            exchange.ranks() * (exchange.ranks() - 1) / 2,
            exchange.ranks());
        byRoot.forEach(values -> fill(values, exchange.rank()));
        exchange.broadcast(byRoot);
        for (int root = 0; root < exchange.ranks(); root++) {
          check(byRoot.get(root), root, 1);
        }
      }
      if (arguments.length > 0 && exchange.rank() == Integer.parseInt(arguments[0])) {
        exchange.abandon();
        throw new IllegalStateException("rank " + exchange.rank() + " gives up");
      }
      double[] numbers = {exchange.rank(), 0.1, -3};
      exchange.sum(numbers);
      require(numbers[0] == exchange.ranks() * (exchange.ranks() - 1) / 2.0, "sum");
      require(numbers[2] == -3.0 * exchange.ranks(), "sum");
      exchange.barrier();
      System.out.println(
          "ok " + exchange.rank() + " of " + exchange.ranks() + " " + exchange.name());
    }
  }

  private static void fill(MemorySegment values, int rank) {
    for (int i = 0; i < values.byteSize() / Float.BYTES; i++) {
      values.setAtIndex(ValueLayout.JAVA_FLOAT, i, rank + i % 1000);
    }
  }

  /** The value at i shall be {@code offset} and {@code times} what every rank has there. */
  private static void check(MemorySegment values, int offset, int times) {
    for (int i = 0; i < values.byteSize() / Float.BYTES; i++) {
      float found = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      require(found == offset + times * (i % 1000), "value " + i + " is " + found);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
