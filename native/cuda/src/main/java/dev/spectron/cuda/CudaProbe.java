package dev.spectron.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spectron.core.backend.BackendProvider.Availability;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Locale;

/**
 * Looks for driver, device and cuBLAS by calling the driver itself: JCuda's own libraries need not
 * be unpacked to learn that there is no GPU.
 *
 * @param driver file name of the driver's library
 * @param blas file name of cuBLAS
 */
record CudaProbe(String driver, String blas) {
  /** What the machine offers; probed once a process. */
  private static final Availability FOUND =
      new CudaProbe("libcuda.so.1", "libcublas.so.12").probe();

  /** CUDA 12.0, as driver 525 has it. */
  private static final int LEAST_VERSION = 12000;

  /** The kernels are made for compute capability 8.0 and newer. */
  private static final int LEAST_CAPABILITY = 80;

  private static final int NAME_LENGTH = 128;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;

  static Availability found() {
    return FOUND;
  }

  Availability probe() {
    String platform =
        System.getProperty("os.name").toLowerCase(Locale.ROOT)
            + " "
            + System.getProperty("os.arch");
    if (!platform.equals("linux amd64")) {
      return absent("expected Linux on x86-64, found " + platform + "; choose another back end");
    }
    try (Arena arena = Arena.ofConfined()) {
      List<SymbolLookup> library = library(driver, arena);
      if (library.isEmpty()) {
        return absent(
            "no NVIDIA driver: " + driver + " does not load; install driver 525 or newer");
      }
      return new Calls(library.getFirst(), arena).probe(library(blas, arena), blas);
    }
  }

  /** One element, or none where it does not load. */
  private static List<SymbolLookup> library(String name, Arena arena) {
    try {
      return List.of(SymbolLookup.libraryLookup(name, arena));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Availability absent(String reason) {
    return new Availability(false, reason);
  }

  /** Calls of the driver. */
  private record Calls(SymbolLookup library, Arena arena) {
    Availability probe(List<SymbolLookup> blasLibrary, String blas) {
      int initialised = call("cuInit", FunctionDescriptor.of(JAVA_INT, JAVA_INT), 0);
      if (initialised != 0) {
        return absent(
            "the NVIDIA driver does not start: cuInit returns error %d; look at nvidia-smi"
                .formatted(initialised));
      }
      int version = number("cuDriverGetVersion");
      if (version < LEAST_VERSION) {
        return absent(
            "expected a driver for CUDA 12.0 or newer, found CUDA %d.%d; install driver 525 or newer"
                .formatted(version / 1000, version % 1000 / 10));
      }
      if (number("cuDeviceGetCount") < 1) {
        return absent("the NVIDIA driver shows no device; look at nvidia-smi");
      }
      int capability = 10 * attribute(CAPABILITY_MAJOR) + attribute(CAPABILITY_MINOR);
      if (capability < LEAST_CAPABILITY) {
        return absent(
            "%s: expected compute capability 8.0 or newer, found %d.%d; choose another back end"
                .formatted(deviceName(), capability / 10, capability % 10));
      }
      if (blasLibrary.isEmpty()) {
        return absent(
            "%s: %s does not load; install cuBLAS of CUDA 12".formatted(deviceName(), blas));
      }
      if (blasLibrary.getFirst().find("cublasGemmEx").isEmpty()) {
        return absent(
            "%s: %s is no cuBLAS: it lacks cublasGemmEx; install cuBLAS of CUDA 12"
                .formatted(deviceName(), blas));
      }
      return new Availability(
          true,
          "%s, compute capability %d.%d, driver for CUDA %d.%d"
              .formatted(
                  deviceName(),
                  capability / 10,
                  capability % 10,
                  version / 1000,
                  version % 1000 / 10));
    }

    /** What a function writes to its only argument, or 0 if it fails. */
    private int number(String name) {
      MemorySegment result = arena.allocate(JAVA_INT);
      call(name, FunctionDescriptor.of(JAVA_INT, ADDRESS), result);
      return result.get(JAVA_INT, 0);
    }

    private int attribute(int which) {
      MemorySegment result = arena.allocate(JAVA_INT);
      FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
      call("cuDeviceGetAttribute", type, result, which, 0);
      return result.get(JAVA_INT, 0);
    }

    private String deviceName() {
      MemorySegment name = arena.allocate(NAME_LENGTH);
      FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
      call("cuDeviceGetName", type, name, NAME_LENGTH - 1, 0);
      return name.getString(0);
    }

    /** The function's error code; −1 where the library lacks it. */
    private int call(String name, FunctionDescriptor type, Object... arguments) {
      if (library.find(name).isEmpty()) {
        return -1;
      }
      MethodHandle function = Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
      try {
        return (int) function.invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw new IllegalStateException("backend cuda: " + name + " cannot be called: " + e, e);
      }
    }
  }
}
