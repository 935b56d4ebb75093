package dev.spectron.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spectron.core.packing.Packing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Products in native code, which may use dot products of bytes and of bf16: {@code integers.c} and
 * {@code bf16.c} beside the sources of this module. Those of integers are the products of {@link
 * Int8Kernel} and {@link Int4Kernel} to the last bit; those of bf16 round the activations too.
 */
final class NativeProducts {
  private static final FunctionDescriptor SUPPORTED_TYPE = FunctionDescriptor.of(JAVA_INT);
  private static final FunctionDescriptor QUANTISE_TYPE =
      FunctionDescriptor.ofVoid(
          ADDRESS, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
          ADDRESS, JAVA_LONG);
  private static final FunctionDescriptor TO_BF16_TYPE =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final FunctionDescriptor INTEGERS_TYPE =
      FunctionDescriptor.ofVoid(
          ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG,
          JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor BF16_TYPE =
      FunctionDescriptor.ofVoid(
          ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT,
          JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);

  private final boolean vnni;
  private final boolean halves;

  private NativeProducts() {
    this.vnni = supported(Calls.HAS_VNNI);
    this.halves = supported(Calls.HAS_BF16);
  }

  /** What was found of the library, looked for once in a process. */
  private record Library(List<SymbolLookup> symbols, String failure) {
    static final Library FOUND = find();

    private static Library find() {
      String platform = platform();
      String resource = platform + "/libspectron_cpu.so";
      try (InputStream in = NativeProducts.class.getResourceAsStream(resource)) {
        if (in == null) {
          return new Library(List.of(), "no native library for " + platform);
        }
        Path file = Files.createTempFile("spectron", ".so");
        try {
          Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
          return new Library(List.of(SymbolLookup.libraryLookup(file, Arena.global())), "");
        } finally {
          Files.deleteIfExists(file);
        }
      } catch (IOException | IllegalArgumentException e) {
        return new Library(List.of(), "the native library does not load: " + e.getMessage());
      }
    }

    private static String platform() {
      String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
      String arch = System.getProperty("os.arch");
      return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }
  }

  /**
   * The functions of the library. As constants they are compiled into their callers, which then
   * make no object of an array that they pass: 70 bytes a call, 60 KB in a decoding step.
   */
  private static final class Calls {
    static final MethodHandle HAS_VNNI = plain("spectron_has_vnni");
    static final MethodHandle HAS_BF16 = plain("spectron_has_bf16");
    static final MethodHandle QUANTISE = critical("spectron_quantise", QUANTISE_TYPE);
    static final MethodHandle INT8 = critical("spectron_int8", INTEGERS_TYPE);
    static final MethodHandle INT4 = critical("spectron_int4", INTEGERS_TYPE);
    static final MethodHandle TO_BF16 = critical("spectron_to_bf16", TO_BF16_TYPE);
    static final MethodHandle BF16 = critical("spectron_bf16", BF16_TYPE);

    private static MethodHandle plain(String name) {
      return Linker.nativeLinker().downcallHandle(find(name), SUPPORTED_TYPE);
    }

    private static MethodHandle critical(String name, FunctionDescriptor function) {
      return Linker.nativeLinker()
          .downcallHandle(find(name), function, Linker.Option.critical(true));
    }

    private static MemorySegment find(String name) {
      return Library.FOUND.symbols().getFirst().findOrThrow(name);
    }
  }

  /**
   * What became of loading the library.
   *
   * @param natives one element, or none
   * @param detail why, in a few words
   */
  record Loaded(List<NativeProducts> natives, String detail) {
    static Loaded none(String detail) {
      return new Loaded(List.of(), detail);
    }
  }

  /**
   * Loads the library, if there is one for this machine.
   *
   * @param vectorBits of the kernels on vectors: who asks for fewer than 512 wants none that need
   *     them
   */
  static Loaded load(int vectorBits) {
    if (vectorBits < 512) {
      return Loaded.none("native code needs 512-bit vectors");
    }
    return Library.FOUND.symbols().isEmpty()
        ? Loaded.none(Library.FOUND.failure())
        : loaded(new NativeProducts());
  }

  private static Loaded loaded(NativeProducts natives) {
    String detail =
        Stream.of(
                natives.vnni ? "AVX-512 VNNI for int8 and int4" : "",
                natives.halves ? "AVX-512 BF16 for bf16" : "")
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "));
    return detail.isEmpty()
        ? Loaded.none("this processor has neither AVX-512 VNNI nor BF16")
        : new Loaded(List.of(natives), detail);
  }

  private static boolean supported(MethodHandle asked) {
    try {
      return (int) asked.invokeExact() != 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** Whether the processor has dot products of bytes. */
  boolean hasIntegers() {
    return vnni;
  }

  /** Whether the processor has dot products of bf16. */
  boolean hasBf16() {
    return halves;
  }

  /**
   * Quantises some rows.
   *
   * @param length of a row
   * @param blocks of a row
   * @param to holds the blocks, {@code at} the first
   */
  void quantise(
      float[] x, int from, int rows, int stride, int length, int blocks, NativeRows to, int at) {
    try {
      Calls.QUANTISE.invokeExact(
          MemorySegment.ofArray(x),
          (long) from,
          rows,
          (long) stride,
          length,
          blocks,
          to.codes(),
          to.scales(),
          to.sums(),
          to.starts(),
          (long) at);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** Rounds some numbers to the nearest bf16, ties to even, and puts them at {@code at}. */
  void toBf16(float[] x, int from, int length, NativeRows to, int at) {
    try {
      Calls.TO_BF16.invokeExact(
          MemorySegment.ofArray(x), (long) from, (long) length, to.halves(), (long) at);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /**
   * y += x·b for some rows and columns.
   *
   * @param row of {@code x} that meets the first of {@code y}
   * @param column first column, a multiple of {@link Panels#WIDTH}
   * @param y starts at {@code column}
   */
  void accumulate(NativeRows x, int row, BlockPanels b, int column, int columns, Rows y) {
    long from = column / Panels.WIDTH * b.panelBytes();
    try {
      if (b.packing() == Packing.INT8) {
        Calls.INT8.invokeExact(
            b.data(),
            from,
            columns,
            x.codes(),
            x.scales(),
            x.sums(),
            x.starts(),
            row * x.row(),
            x.row(),
            y.count(),
            x.taps(),
            x.tap(),
            x.run(),
            MemorySegment.ofArray(y.data()),
            (long) y.first(),
            (long) y.stride());
      } else {
        Calls.INT4.invokeExact(
            b.data(),
            from,
            columns,
            x.codes(),
            x.scales(),
            x.sums(),
            x.starts(),
            row * x.row(),
            x.row(),
            y.count(),
            x.taps(),
            x.tap(),
            x.run(),
            MemorySegment.ofArray(y.data()),
            (long) y.first(),
            (long) y.stride());
      }
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** The same for weights that are bf16. */
  void accumulate(NativeRows x, int row, Panels b, int column, int columns, Rows y) {
    try {
      Calls.BF16.invokeExact(
          b.data(),
          b.address(column),
          columns,
          x.halves(),
          row * x.row(),
          x.row(),
          y.count(),
          x.taps(),
          x.tap(),
          x.run(),
          MemorySegment.ofArray(y.data()),
          (long) y.first(),
          (long) y.stride());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(Throwable e) {
    return new IllegalStateException("backend cpu: native code cannot be called: " + e, e);
  }
}
