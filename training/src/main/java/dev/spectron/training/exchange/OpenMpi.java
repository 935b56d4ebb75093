package dev.spectron.training.exchange;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spectron.core.error.TrainingException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Ranks that {@code mpirun} or {@code srun --mpi=pmix} started, through Open MPI 4 or 5. Its
 * handles are addresses of exported variables, which other MPI libraries do not have.
 *
 * <p>Values travel in pieces of {@value #PIECE_BYTES} bytes, small enough for caches, {@value
 * #IN_FLIGHT} of them under way at a time: some arrive while others are added up.
 */
public final class OpenMpi implements GradientExchange {
  private static final List<String> LIBRARIES =
      List.of("libmpi.so.40", "libmpi.so", "libmpi.dylib");
  private static final String REMEDY =
      "install Open MPI (Debian: openmpi-bin) and start the ranks with its mpirun";
  private static final int THREAD_FUNNELED = 1;
  private static final long PIECE_BYTES = 1 << 20;
  private static final int IN_FLIGHT = 8;

  /** MPI_IN_PLACE of Open MPI. */
  private static final MemorySegment IN_PLACE = MemorySegment.ofAddress(1);

  private static final MemorySegment NO_STATUS = MemorySegment.NULL;

  private final Arena arena;
  private final MemorySegment world;
  private final MemorySegment floats;
  private final MemorySegment doubles;
  private final MemorySegment sum;
  private final MethodHandle reduce;
  private final MethodHandle broadcast;
  private final MethodHandle allReduce;
  private final MethodHandle waitFor;
  private final MethodHandle finish;
  private final MemorySegment requests;
  private final MemorySegment numbers;
  private final int rank;
  private final int ranks;
  private final String name;
  private boolean failed;

  /**
   * Joins the other ranks.
   *
   * @throws TrainingException if the library is missing or not Open MPI, or the ranks cannot meet
   */
  public static OpenMpi join() {
    return join(LIBRARIES);
  }

  /** Joins through the first of some libraries that there is. */
  static OpenMpi join(List<String> libraries) {
    Arena arena = Arena.ofShared();
    try {
      return new OpenMpi(NativeLibrary.open("open mpi", libraries, REMEDY, arena), arena);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private OpenMpi(NativeLibrary library, Arena arena) {
    this.arena = arena;
    this.world = library.address("ompi_mpi_comm_world");
    this.floats = library.address("ompi_mpi_float");
    this.doubles = library.address("ompi_mpi_double");
    this.sum = library.address("ompi_mpi_op_sum");
    this.reduce =
        library.function(
            "MPI_Ireduce",
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    this.broadcast =
        library.function("MPI_Ibcast", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    this.allReduce =
        library.function("MPI_Allreduce", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    this.waitFor = library.function("MPI_Wait", ADDRESS, ADDRESS);
    this.finish = library.function("MPI_Finalize");
    this.requests = arena.allocate(ADDRESS, IN_FLIGHT);
    this.numbers = arena.allocate(JAVA_DOUBLE, 64);
    MemorySegment out = arena.allocate(JAVA_INT);
    call(
        library.function("MPI_Init_thread", ADDRESS, ADDRESS, JAVA_INT, ADDRESS),
        MemorySegment.NULL,
        MemorySegment.NULL,
        THREAD_FUNNELED,
        out);
    call(library.function("MPI_Comm_rank", ADDRESS, ADDRESS), world, out);
    this.rank = out.get(JAVA_INT, 0);
    call(library.function("MPI_Comm_size", ADDRESS, ADDRESS), world, out);
    this.ranks = out.get(JAVA_INT, 0);
    MemorySegment text = arena.allocate(8192);
    call(library.function("MPI_Get_library_version", ADDRESS, ADDRESS), text, out);
    String version = text.getString(0);
    int end = version.indexOf(',');
    this.name = end < 0 ? version : version.substring(0, end);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int ranks() {
    return ranks;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void reduce(List<MemorySegment> byRoot) {
    pieces(
        byRoot,
        (piece, count, root, request) -> {
          MemorySegment from = rank == root ? IN_PLACE : piece;
          call(reduce, from, piece, count, floats, sum, root, world, request);
        });
  }

  @Override
  public void broadcast(List<MemorySegment> byRoot) {
    pieces(
        byRoot,
        (piece, count, root, request) ->
            call(broadcast, piece, count, floats, root, world, request));
  }

  @Override
  public void sum(double[] values) {
    if (values.length > numbers.byteSize() / Double.BYTES) {
      throw new IllegalArgumentException(
          "open mpi: expected a few numbers to sum, found " + values.length);
    }
    MemorySegment.copy(values, 0, numbers, JAVA_DOUBLE, 0, values.length);
    call(allReduce, IN_PLACE, numbers, values.length, doubles, sum, world);
    MemorySegment.copy(numbers, JAVA_DOUBLE, 0, values, 0, values.length);
  }

  @Override
  public void abandon() {
    failed = true;
  }

  @Override
  public void close() {
    if (!arena.scope().isAlive()) {
      return;
    }
    if (!failed) {
      call(finish);
    }
    arena.close();
  }

  private interface Start {
    void begin(MemorySegment piece, int count, int root, MemorySegment request);
  }

  /** A piece of each root in turn, so that all ranks have something to add up. */
  private void pieces(List<MemorySegment> byRoot, Start start) {
    long longest = byRoot.stream().mapToLong(MemorySegment::byteSize).max().orElse(0);
    long begun = 0;
    for (long from = 0; from < longest; from += PIECE_BYTES) {
      for (int root = 0; root < byRoot.size(); root++) {
        long size = Math.min(PIECE_BYTES, byRoot.get(root).byteSize() - from);
        if (size > 0) {
          if (begun >= IN_FLIGHT) {
            call(waitFor, request(begun), NO_STATUS);
          }
          MemorySegment piece = byRoot.get(root).asSlice(from, size);
          start.begin(piece, (int) (size / Float.BYTES), root, request(begun));
          begun++;
        }
      }
    }
    for (long i = Math.max(0, begun - IN_FLIGHT); i < begun; i++) {
      call(waitFor, request(i), NO_STATUS);
    }
  }

  private MemorySegment request(long number) {
    return requests.asSlice(number % IN_FLIGHT * ADDRESS.byteSize(), ADDRESS);
  }

  private void call(MethodHandle function, Object... arguments) {
    int code;
    try {
      code = (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      failed = true;
      throw new TrainingException("open mpi: the call failed: " + e, e);
    }
    if (code != 0) {
      failed = true;
      throw new TrainingException(
          "open mpi: rank %d: expected success, found error %d; see the messages of mpirun"
              .formatted(rank, code));
    }
  }
}
