package dev.spectron.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Memory for weights. A decoding step reads all of them once, in order, and the processor asks for
 * memory ahead only within a page: on pages of 2 MB in place of 4 KB it reads a fifth to a third
 * faster. Linux gives such pages to memory that is marked before it is first touched; where it has
 * none to give, or on another system, the memory is the usual one.
 */
final class WeightMemory {
  private static final long HUGE_PAGE = 2L << 20;

  // From sys/mman.h of Linux, the same on all its processors.
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int ADVISE_NOT_NEEDED = 4;
  private static final int ADVISE_HUGE_PAGES = 14;

  private final Arena arena;

  /** One element, or none on other systems than Linux. */
  private final List<Calls> calls;

  /** Memory is freed with {@code arena}. */
  WeightMemory(Arena arena) {
    this.arena = arena;
    this.calls = System.getProperty("os.name").equals("Linux") ? List.of(Calls.link()) : List.of();
  }

  private record Calls(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {
    static Calls link() {
      return new Calls(
          handle(
              "mmap",
              FunctionDescriptor.of(
                  ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)),
          handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG)),
          handle("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)));
    }

    private static MethodHandle handle(String name, FunctionDescriptor function) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), function);
    }

    MemorySegment map(long bytes) {
      try {
        return (MemorySegment)
            mmap.invokeExact(MemorySegment.NULL, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    void unmap(MemorySegment memory, long bytes) {
      try {
        int _ = (int) munmap.invokeExact(memory, bytes);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    /** Advice may be refused: it changes speed alone. */
    void advise(MemorySegment memory, int advice) {
      try {
        int _ = (int) madvise.invokeExact(memory, memory.byteSize(), advice);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    private static IllegalStateException failed(Throwable e) {
      return new IllegalStateException("backend cpu: the system cannot be called: " + e, e);
    }
  }

  /** Zeros that start on a line. */
  MemorySegment allocate(long bytes) {
    for (Calls system : calls) {
      if (bytes >= HUGE_PAGE) {
        long mapped = Math.addExact(bytes, HUGE_PAGE);
        MemorySegment start = system.map(mapped);
        if (start.address() > 0) {
          return huge(system, start, mapped).asSlice(0, bytes);
        }
      }
    }
    return arena.allocate(bytes, Panels.LINE_BYTES);
  }

  private MemorySegment huge(Calls system, MemorySegment start, long mapped) {
    MemorySegment all = start.reinterpret(mapped, arena, memory -> system.unmap(memory, mapped));
    MemorySegment aligned = all.asSlice(-start.address() & (HUGE_PAGE - 1));
    system.advise(aligned, ADVISE_HUGE_PAGES);
    return aligned;
  }

  /** A copy; where the original is mapped from a file, its pages are given back. */
  MemorySegment copy(MemorySegment original) {
    MemorySegment copy = allocate(original.byteSize()).copyFrom(original);
    if (original.isMapped()) {
      long page = 4096;
      long skipped = -original.address() & (page - 1);
      long whole = (original.byteSize() - skipped) / page * page;
      if (whole > 0) {
        MemorySegment pages = original.asSlice(skipped, whole);
        calls.forEach(system -> system.advise(pages, ADVISE_NOT_NEEDED));
      }
    }
    return copy;
  }
}
