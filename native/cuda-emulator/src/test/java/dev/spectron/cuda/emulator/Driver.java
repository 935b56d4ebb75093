package dev.spectron.cuda.emulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/** The driver's functions without a binding: each call returns its error code. */
final class Driver {
  /** Head of every program of these tests. */
  private static final String HEAD =
      """
      .version 7.8
      .target sm_80
      .address_size 64
      """;

  private final Emulator emulator = Emulator.load();
  private final Map<String, MethodHandle> functions = new HashMap<>();

  Emulator emulator() {
    return emulator;
  }

  int call(String name, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            case Byte _ -> JAVA_BYTE;
            default -> ADDRESS;
          };
    }
    MethodHandle function =
        functions.computeIfAbsent(
            name, n -> emulator.function(n, FunctionDescriptor.of(JAVA_INT, layouts)));
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(name + ": " + e, e);
    }
  }

  /** A call that must work. */
  void must(String name, Object... arguments) {
    int result = call(name, arguments);
    if (result != 0) {
      throw new IllegalStateException(name + ": " + result + " " + emulator.lastError());
    }
  }

  /** The handle that a call writes to its first argument. */
  long made(String name, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_LONG);
      Object[] all = new Object[arguments.length + 1];
      all[0] = handle;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      must(name, all);
      return handle.get(JAVA_LONG, 0);
    }
  }

  /** Device memory that holds nothing yet. */
  long allocate(long bytes) {
    return made("cuMemAlloc_v2", bytes);
  }

  long upload(int... values) {
    return upload(MemorySegment.ofArray(values));
  }

  long upload(float... values) {
    return upload(MemorySegment.ofArray(values));
  }

  private long upload(MemorySegment values) {
    long address = allocate(values.byteSize());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(values.byteSize()).copyFrom(values);
      must("cuMemcpyHtoD_v2", address, copy, values.byteSize());
    }
    return address;
  }

  /** Copies to the host, which waits for all work; the call's result. */
  int download(long address, MemorySegment to) {
    return call("cuMemcpyDtoH_v2", to, address, to.byteSize());
  }

  int[] ints(long address, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(JAVA_INT, count);
      int result = download(address, to);
      if (result != 0) {
        throw new IllegalStateException("download: " + result + " " + emulator.lastError());
      }
      return to.toArray(JAVA_INT);
    }
  }

  float[] floats(long address, int count) {
    int[] bits = ints(address, count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    return values;
  }

  /** The kernel {@code test} of a program whose head is left out. */
  long kernel(String program) {
    try (Arena arena = Arena.ofConfined()) {
      long module = made("cuModuleLoadData", arena.allocateFrom(HEAD + program));
      return made("cuModuleGetFunction", module, arena.allocateFrom("test"));
    }
  }

  /** Why a program is refused. */
  String refusal(String program) {
    try (Arena arena = Arena.ofConfined()) {
      int result =
          call("cuModuleLoadData", arena.allocate(JAVA_LONG), arena.allocateFrom(HEAD + program));
      return result + ": " + emulator.lastError();
    }
  }

  /** Puts a launch with one row of blocks on the null stream; the call's result. */
  int launch(long kernel, int blocks, int threads, Object... parameters) {
    return launchOn(0, kernel, blocks, threads, parameters);
  }

  int launchOn(long stream, long kernel, int blocks, int threads, Object... parameters) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointers = arena.allocate(ADDRESS, Math.max(1, parameters.length));
      for (int i = 0; i < parameters.length; i++) {
        MemorySegment value =
            switch (parameters[i]) {
              case Integer number -> arena.allocateFrom(JAVA_INT, number);
              case Float number -> arena.allocateFrom(JAVA_FLOAT, number);
              case Long number -> arena.allocateFrom(JAVA_LONG, number);
              default -> throw new IllegalArgumentException("a parameter of " + parameters[i]);
            };
        pointers.setAtIndex(ADDRESS, i, value);
      }
      return call(
          "cuLaunchKernel",
          kernel,
          blocks,
          1,
          1,
          threads,
          1,
          1,
          0,
          stream,
          pointers,
          MemorySegment.NULL);
    }
  }

  /** Runs one block and waits; the result, and the words of an error. */
  String run(long kernel, int threads, Object... parameters) {
    int launched = launch(kernel, 1, threads, parameters);
    int result = launched != 0 ? launched : call("cuCtxSynchronize");
    return result == 0 ? "" : result + ": " + emulator.lastError();
  }
}
