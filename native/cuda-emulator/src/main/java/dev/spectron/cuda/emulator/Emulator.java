package dev.spectron.cuda.emulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
import java.util.List;

/**
 * The emulated driver of this process. Once it is loaded, whoever asks for {@code libcuda.so.1} or
 * {@code libcublas.so.12}, through any binding, gets it. It has one device, with the limits of
 * compute capability 9.0, and takes PTX text only.
 *
 * <p>A kernel that does wrong stops with an error that names kind, kernel, block, thread and line
 * of the PTX ({@link #lastError()}); as on a device, every later call fails with it, until {@link
 * #reset()}.
 */
public final class Emulator {
  private static final String FOLDER = "linux-x86_64/";
  private static final List<String> LIBRARIES = List.of("libcuda.so.1", "libcublas.so.12");

  private final SymbolLookup library;
  private final MethodHandle schedule;
  private final MethodHandle delay;
  private final MethodHandle count;
  private final MethodHandle statistics;
  private final MethodHandle lastError;
  private final MethodHandle memoryInUse;
  private final MethodHandle reset;
  private final MethodHandle driverVersion;

  private Emulator(SymbolLookup library) {
    this.library = library;
    this.schedule = function("emuSchedule", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_LONG));
    this.delay = function("emuDelay", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT));
    this.count = function("emuCount", FunctionDescriptor.ofVoid(JAVA_INT));
    this.statistics = function("emuStatistics", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    this.lastError = function("emuLastError", FunctionDescriptor.of(ADDRESS));
    this.memoryInUse = function("emuMemoryInUse", FunctionDescriptor.of(JAVA_LONG));
    this.reset = function("emuReset", FunctionDescriptor.ofVoid());
    this.driverVersion = function("emuDriverVersion", FunctionDescriptor.ofVoid(JAVA_INT));
  }

  /** A process has one driver: loading it again would make a second one beside it. */
  private record Outcome(List<Emulator> emulator, String reason) {
    private static final Outcome ONE = attempt();

    private static Outcome attempt() {
      try {
        return new Outcome(List.of(unpackAndLoad()), "");
      } catch (IOException | IllegalStateException | UnsatisfiedLinkError e) {
        return new Outcome(List.of(), e.getMessage());
      }
    }
  }

  /**
   * The emulated driver, loaded at the first call.
   *
   * @throws IllegalStateException if this build has none, or it does not load here
   */
  public static Emulator load() {
    Outcome outcome = Outcome.ONE;
    if (outcome.emulator().isEmpty()) {
      throw new IllegalStateException("cuda-emulator: " + outcome.reason());
    }
    return outcome.emulator().getFirst();
  }

  private static Emulator unpackAndLoad() throws IOException {
    // Readable by nobody else, so that what is loaded is what was written.
    Path folder = Files.createTempDirectory("cuda-emulator");
    try {
      for (String name : LIBRARIES) {
        Path file = folder.resolve(name);
        try (InputStream in = Emulator.class.getResourceAsStream(FOLDER + name)) {
          if (in == null) {
            throw new IllegalStateException(
                "expected %s in the jar, found none: it was built without a C++ compiler; install g++ on x86-64 Linux and build this module again"
                    .formatted(name));
          }
          Files.copy(in, file);
        }
        System.load(file.toString());
      }
      return new Emulator(
          SymbolLookup.libraryLookup(folder.resolve(LIBRARIES.getFirst()), Arena.global()));
    } finally {
      for (String name : LIBRARIES) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  /** A function of the driver, such as {@code cuMemAlloc_v2}, for callers without a binding. */
  public MethodHandle function(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
  }

  /** Whether the driver has a function of that name. */
  public boolean has(String name) {
    return library.find(name).isPresent();
  }

  /** Chooses in which order threads run from the next launch on. */
  public void schedule(Order order, long seed) {
    call(
        () -> {
          schedule.invokeExact(order.code(), seed);
        });
  }

  /**
   * Chooses whether work is done as late as it may be, so that a missing wait shows; both are so at
   * first.
   *
   * @param copies whether cp.async copies when it is waited for
   * @param streams whether streams run when they are waited for
   */
  public void delay(boolean copies, boolean streams) {
    call(
        () -> {
          delay.invokeExact(copies ? 1 : 0, streams ? 1 : 0);
        });
  }

  /** Counts from zero, at the cost of speed. */
  public void startCounting() {
    call(
        () -> {
          count.invokeExact(1);
        });
  }

  /** Counts no longer; the totals are zero again. */
  public void stopCounting() {
    call(
        () -> {
          count.invokeExact(0);
        });
  }

  /** What was counted. Work that no call has waited for is not in it. */
  public Statistics statistics() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment totals = arena.allocate(JAVA_LONG, Statistics.COUNT);
      call(
          () -> {
            statistics.invokeExact(totals, Statistics.COUNT);
          });
      return Statistics.of(totals.toArray(JAVA_LONG));
    }
  }

  /** The last error in words, empty if there was none since the last reset. */
  public String lastError() {
    try {
      MemorySegment text = (MemorySegment) lastError.invokeExact();
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** Bytes of device memory allocated and not freed. */
  public long memoryInUse() {
    try {
      return (long) memoryInUse.invokeExact();
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** Forgets the error and what streams have not yet run; memory, modules and streams stay. */
  public void reset() {
    call(
        () -> {
          reset.invokeExact();
        });
  }

  /**
   * Pretends to be a driver for another version of CUDA.
   *
   * @param version 1000·major + 10·minor; 12060 at first
   */
  public void driverVersion(int version) {
    call(
        () -> {
          driverVersion.invokeExact(version);
        });
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Throwable;
  }

  private static void call(Call call) {
    try {
      call.run();
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(Throwable e) {
    return new IllegalStateException("cuda-emulator: the driver cannot be called: " + e, e);
  }
}
