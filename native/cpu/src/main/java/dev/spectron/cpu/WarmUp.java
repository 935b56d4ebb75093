package dev.spectron.cpu;

import dev.spectron.cpu.Readiness.Kernel;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Has the product kernels compiled beside the program, which works on with {@link ScalarProducts},
 * and says when they are the faster ones. Until it is compiled a kernel on vectors makes an object
 * of every vector. On a machine where a kernel never gets faster, the scalar loops stay.
 */
final class WarmUp implements AutoCloseable {
  static final String THREAD = "spectron-cpu-warm-up";

  private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());

  /**
   * Turns of a call. Many calls of few turns make a method hot; one call of many turns would have
   * it compiled twice, once for the loop it is in.
   */
  private static final int TURNS = 16;

  /** Calls that make a method hot: 600, and 15,000 calls and turns together. */
  private static final int HOT_CALLS = 1000;

  /** Calls of a comparison. */
  private static final int COMPARED_CALLS = 5;

  /** Comparisons to be won in a row: one may be luck, the other side having lost its core. */
  private static final int WINS = 3;

  private static final int MOST_COMPARISONS = 2000;
  private static final long PAUSE_MILLIS = 10;

  private final VectorWidth width;
  private final Readiness readiness;
  private final Runnable whenReady;
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * Starts at once.
   *
   * @param readiness told of every kernel that got ready
   * @param whenReady called on the thread once all are
   */
  WarmUp(VectorWidth width, Readiness readiness, Runnable whenReady) {
    this.width = width;
    this.readiness = readiness;
    this.whenReady = whenReady;
    this.thread = new Thread(this::run, THREAD);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      Workspace workspace = new Workspace(arena);
      Panels floats = Panels.allocate(arena, PanelProduct.COLUMN_UNIT, TURNS, false);
      Panels bf16 = Panels.allocate(arena, PanelProduct.COLUMN_UNIT, TURNS, true);
      List<Trial> trials =
          List.of(
              new Trial(Kernel.TILE, TileKernel.ROWS, workspace, bf16),
              new Trial(Kernel.ROW, 1, workspace, floats),
              new Trial(Kernel.BF16_ROW, 1, workspace, bf16));
      for (Trial trial : trials) {
        trial.call(Readiness.complete(), HOT_CALLS);
      }
      for (Trial trial : trials) {
        trial.await();
      }
      whenReady.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One kernel on a small product. */
  private final class Trial {
    private final Kernel kernel;
    private final Workspace workspace;
    private final Panels b;
    private final Rows x;
    private final Rows y;

    Trial(Kernel kernel, int rows, Workspace workspace, Panels b) {
      this.kernel = kernel;
      this.workspace = workspace;
      this.b = b;
      int columns = PanelProduct.COLUMN_UNIT;
      this.x = new Rows(new float[rows * TURNS], 0, TURNS, rows);
      this.y = new Rows(new float[rows * columns], 0, columns, rows);
    }

    /** Calls with or without vectors; returns the nanoseconds it took. */
    private long call(Readiness with, int calls) {
      PanelProduct product = new PanelProduct(width, ScalarProducts.until(width, with));
      long start = System.nanoTime();
      for (int call = 0; call < calls && !stopped; call++) {
        product.accumulate(workspace, x, b, 0, TURNS, 0, PanelProduct.COLUMN_UNIT, y);
      }
      return System.nanoTime() - start;
    }

    /** Waits until vectors are faster. */
    private void await() throws InterruptedException {
      int wins = 0;
      for (int i = 0; wins < WINS && !stopped; i++) {
        if (i == MOST_COMPARISONS) {
          LOG.log(
              System.Logger.Level.WARNING,
              "backend cpu: kernel {0} on vectors is slower than scalar loops and stays unused",
              kernel);
          return;
        }
        long scalars = call(Readiness.none(), COMPARED_CALLS);
        long vectors = call(Readiness.complete(), COMPARED_CALLS);
        wins = vectors < scalars ? wins + 1 : 0;
        Thread.sleep(PAUSE_MILLIS);
      }
      readiness.add(kernel);
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    stopped = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
