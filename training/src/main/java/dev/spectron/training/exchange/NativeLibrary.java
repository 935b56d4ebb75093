package dev.spectron.training.exchange;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spectron.core.error.TrainingException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * What is called of a C library: functions that return a code, 0 for success.
 *
 * @param name in messages
 * @param remedy what to do if something is missing
 */
record NativeLibrary(String name, SymbolLookup symbols, String remedy) {
  /**
   * Loads the first of some libraries that there is, for as long as {@code arena} lives.
   *
   * @throws TrainingException if there is none of them
   */
  static NativeLibrary open(String name, List<String> files, String remedy, Arena arena) {
    return files.stream()
        .flatMap(file -> lookup(file, arena).stream())
        .findFirst()
        .map(symbols -> new NativeLibrary(name, symbols, remedy))
        .orElseThrow(
            () ->
                new TrainingException(
                    "%s: expected one of %s, found none; %s".formatted(name, files, remedy)));
  }

  private static Optional<SymbolLookup> lookup(String file, Arena arena) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(file, arena));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A function that returns a code. */
  MethodHandle function(String symbol, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(address(symbol), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** A function or an exported variable. */
  MemorySegment address(String symbol) {
    return symbols
        .find(symbol)
        .orElseThrow(
            () ->
                new TrainingException(
                    "%s: expected the symbol %s, found a library without it; %s"
                        .formatted(name, symbol, remedy)));
  }
}
