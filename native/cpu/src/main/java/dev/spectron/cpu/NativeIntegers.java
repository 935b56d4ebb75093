package dev.spectron.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

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

/**
 * The products of {@link Int8Kernel} and {@link Int4Kernel} in native code, which may use the dot
 * product of bytes. {@code integers.c} beside the sources of this module; the same results.
 */
final class NativeIntegers {
  private static final FunctionDescriptor PRODUCT =
      FunctionDescriptor.ofVoid(
          ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);

  private final MethodHandle int8;
  private final MethodHandle int4;

  private NativeIntegers(MethodHandle int8, MethodHandle int4) {
    this.int8 = int8;
    this.int4 = int4;
  }

  /**
   * What became of loading the library.
   *
   * @param natives one element, or none
   * @param detail why, in a few words
   */
  record Loaded(List<NativeIntegers> natives, String detail) {
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
    String platform = platform();
    String resource = platform + "/libspectron_cpu.so";
    try (InputStream in = NativeIntegers.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Loaded.none("no native library for " + platform);
      }
      Path file = Files.createTempFile("spectron", ".so");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return link(SymbolLookup.libraryLookup(file, Arena.global()));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException | IllegalArgumentException e) {
      return Loaded.none("the native library does not load: " + e.getMessage());
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  private static Loaded link(SymbolLookup library) {
    Linker linker = Linker.nativeLinker();
    MethodHandle supported =
        linker.downcallHandle(
            library.findOrThrow("spectron_supported"), FunctionDescriptor.of(JAVA_INT));
    if (call(supported) == 0) {
      return Loaded.none("this processor has no AVX-512 VNNI");
    }
    NativeIntegers natives =
        new NativeIntegers(
            product(linker, library, "spectron_int8"), product(linker, library, "spectron_int4"));
    return new Loaded(List.of(natives), "AVX-512 VNNI for int8 and int4");
  }

  private static int call(MethodHandle supported) {
    try {
      return (int) supported.invokeExact();
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static MethodHandle product(Linker linker, SymbolLookup library, String name) {
    return linker.downcallHandle(library.findOrThrow(name), PRODUCT, Linker.Option.critical(true));
  }

  /**
   * y[i, j] = the product of row i and column j.
   *
   * @param x rows as bytes
   * @param y {@code stride} from row to row, sixteen columns for each panel
   */
  void multiply(
      IntegerRows x,
      int firstRow,
      int rows,
      BlockPanels b,
      int firstPanel,
      int panels,
      float[] y,
      int stride) {
    MemorySegment from = b.data().asSlice(firstPanel * b.panelBytes());
    MemorySegment codes = MemorySegment.ofArray(x.bytes()).asSlice(x.bytes(firstRow));
    long block = (long) x.blocks(firstRow) * Float.BYTES;
    MemorySegment scales = MemorySegment.ofArray(x.scales()).asSlice(block);
    MemorySegment sums = MemorySegment.ofArray(x.sums()).asSlice(block);
    MemorySegment to = MemorySegment.ofArray(y);
    int slabs = b.slabs();
    try {
      if (b.packing() == Packing.INT8) {
        int8.invokeExact(from, panels, slabs, rows, codes, scales, sums, to, stride);
      } else {
        int4.invokeExact(from, panels, slabs, rows, codes, scales, sums, to, stride);
      }
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(Throwable e) {
    return new IllegalStateException("backend cpu: native code cannot be called: " + e, e);
  }
}
