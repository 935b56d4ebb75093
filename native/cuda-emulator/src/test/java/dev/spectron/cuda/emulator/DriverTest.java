package dev.spectron.cuda.emulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory, streams, graphs, counting and the matrix library. */
class DriverTest {
  private static final String INCREMENT =
      """
      .visible .entry test(.param .u64 p) {
        .reg .b32 %r<9>; .reg .b64 %rd<9>;
        ld.param.u64 %rd1, [p];
        mov.u32 %r1, %tid.x;
        mul.wide.u32 %rd2, %r1, 4;
        add.s64 %rd1, %rd1, %rd2;
        ld.global.u32 %r2, [%rd1];
        add.s32 %r2, %r2, 1;
        st.global.u32 [%rd1], %r2;
        ret;
      }
      """;

  private final Driver driver = new Driver();

  @BeforeEach
  @AfterEach
  void startAfresh() {
    driver.emulator().reset();
    driver.emulator().delay(true, true);
    driver.emulator().stopCounting();
  }

  @Test
  void aStreamRunsWhenItIsWaitedFor() {
    long kernel = driver.kernel(INCREMENT);
    long memory = driver.upload(5);
    long stream = driver.made("cuStreamCreate", 1);
    try (Arena arena = Arena.ofConfined()) {
      long pinned = driver.made("cuMemAllocHost_v2", 4L);
      MemorySegment host = MemorySegment.ofAddress(pinned).reinterpret(4);
      host.set(JAVA_INT, 0, -1);
      assertThat(driver.launchOn(stream, kernel, 1, 1, memory)).isZero();
      driver.must("cuMemcpyDtoHAsync_v2", host, memory, 4L, stream);
      assertThat(driver.call("cuStreamQuery", stream)).isEqualTo(600);
      assertThat(host.get(JAVA_INT, 0)).as("before the wait").isEqualTo(-1);
      driver.must("cuStreamSynchronize", stream);
      assertThat(host.get(JAVA_INT, 0)).isEqualTo(6);
      driver.must("cuMemFreeHost", pinned);
      driver.must("cuStreamDestroy_v2", stream);
      assertThat(arena.scope().isAlive()).isTrue();
    }
  }

  @Test
  void anEventOrdersTwoStreams() {
    long kernel = driver.kernel(INCREMENT);
    long memory = driver.upload(5);
    long first = driver.made("cuStreamCreate", 1);
    long second = driver.made("cuStreamCreate", 1);
    long event = driver.made("cuEventCreate", 0);
    assertThat(driver.launchOn(first, kernel, 1, 1, memory)).isZero();
    driver.must("cuEventRecord", event, first);
    driver.must("cuStreamWaitEvent", second, event, 0);
    assertThat(driver.launchOn(second, kernel, 1, 1, memory)).isZero();
    driver.must("cuStreamSynchronize", second);
    assertThat(driver.call("cuEventQuery", event)).isZero();
    assertThat(driver.ints(memory, 1)).containsExactly(7);
  }

  @Test
  void aCapturedGraphRunsAgainAndAgain() {
    long kernel = driver.kernel(INCREMENT);
    long memory = driver.upload(0, 10);
    long stream = driver.made("cuStreamCreate", 1);
    driver.must("cuStreamBeginCapture_v2", stream, 0);
    for (int i = 0; i < 3; i++) {
      assertThat(driver.launchOn(stream, kernel, 1, 2, memory)).isZero();
    }
    assertThat(driver.call("cuStreamSynchronize", stream)).as("under capture").isEqualTo(900);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment graph = arena.allocate(JAVA_LONG);
      driver.must("cuStreamEndCapture", stream, graph);
      long executable = driver.made("cuGraphInstantiateWithFlags", graph.get(JAVA_LONG, 0), 0L);
      assertThat(driver.ints(memory, 2)).as("captured, not run").containsExactly(0, 10);
      for (int i = 0; i < 4; i++) {
        driver.must("cuGraphLaunch", executable, stream);
      }
    }
    driver.must("cuStreamSynchronize", stream);
    assertThat(driver.ints(memory, 2)).containsExactly(12, 22);
  }

  @Test
  void memoryIsAccountedFor() {
    long before = driver.emulator().memoryInUse();
    long memory = driver.allocate(1000);
    assertThat(driver.emulator().memoryInUse()).isEqualTo(before + 1000);
    driver.must("cuMemFree_v2", memory);
    assertThat(driver.emulator().memoryInUse()).isEqualTo(before);
    assertThat(driver.call("cuMemFree_v2", memory)).as("freed twice").isEqualTo(1);
  }

  @Test
  void copiesAndFillsCarryTheirBytes() {
    long from = driver.upload(1, 2, 3, 4);
    long to = driver.allocate(16);
    driver.must("cuMemsetD32_v2", to, 9, 4L);
    driver.must("cuMemcpyDtoDAsync_v2", to + 4, from, 8L, 0L);
    assertThat(driver.ints(to, 4)).containsExactly(9, 1, 2, 9);
    assertThat(driver.call("cuMemcpyDtoD_v2", to, from, 20L)).isEqualTo(700);
    assertThat(driver.emulator().lastError()).startsWith("out of bounds: copy to of 20 bytes");
  }

  @Test
  void launchesBeyondTheDevicesLimitsAreRefused() {
    long kernel = driver.kernel(INCREMENT);
    long memory = driver.upload(0);
    assertThat(driver.launch(kernel, 1, 1025, memory)).isEqualTo(1);
    assertThat(driver.launch(kernel, 0, 32, memory)).isEqualTo(1);
    assertThat(driver.emulator().lastError()).startsWith("launch of test: grid (0, 1, 1)");
  }

  @Test
  void sharedMemoryOfTheModuleLiesBesideThatOfTheKernel() {
    String program =
        """
        .shared .align 4 .b8 fixed[12];
        .extern .shared .align 16 .b8 dynamic[];
        .visible .entry test(.param .u64 p) {
          .reg .b32 %r<9>; .reg .b64 %rd<9>;
          .shared .align 4 .b8 own[8];
          ld.param.u64 %rd1, [p];
          mov.u32 %r1, own;
          mov.u32 %r2, fixed;
          mov.u32 %r3, dynamic;
          st.global.u32 [%rd1], %r1;
          st.global.u32 [%rd1+4], %r2;
          st.global.u32 [%rd1+8], %r3;
          ret;
        }
        """;
    long memory = driver.upload(new int[3]);
    assertThat(driver.run(driver.kernel(program), 1, memory)).isEmpty();
    assertThat(driver.ints(memory, 3)).containsExactly(0, 8, 32);
  }

  /** Lane t reads word t·stride. */
  private static String strided(String space, int stride) {
    return """
    .visible .entry test(.param .u64 p) {
      .reg .b32 %r<9>; .reg .b64 %rd<9>;
      .shared .align 4 .b8 s[8192];
      ld.param.u64 %rd1, [p];
      mov.u32 %r1, %tid.x;
      mul.lo.u32 %r3, %r1, STRIDE;
      mul.wide.u32 %rd2, %r3, 4;
      add.s64 %rd1, %rd1, %rd2;
      mov.u32 %r4, s;
      mad.lo.u32 %r4, %r3, 4, %r4;
      OPERATION
      ret;
    }
    """
        .replace("STRIDE", String.valueOf(stride))
        .replace(
            "OPERATION",
            space.equals("global") ? "ld.global.u32 %r2, [%rd1];" : "st.shared.u32 [%r4], %r1;");
  }

  private Statistics counted(String program) {
    long memory = driver.upload(new int[2048]);
    driver.emulator().startCounting();
    assertThat(driver.run(driver.kernel(program), 64, memory)).isEmpty();
    return driver.emulator().statistics();
  }

  @Test
  void neighboursThatReadNeighboursShareSectors() {
    Statistics dense = counted(strided("global", 1));
    assertThat(dense.launches()).isEqualTo(1);
    assertThat(dense.loadRequests()).isEqualTo(2);
    assertThat(dense.loadSectors()).isEqualTo(8);
    assertThat(dense.distinctLoadBytes()).isEqualTo(256);
    assertThat(dense.loadEfficiency()).isEqualTo(1);
    assertThat(dense.instructions()).isEqualTo(64 * 9);
    Statistics sparse = counted(strided("global", 8));
    assertThat(sparse.loadSectors()).isEqualTo(64);
    assertThat(sparse.loadEfficiency()).isEqualTo(1 / 8.0);
  }

  @Test
  void lanesThatMeetInOneBankWait() {
    assertThat(counted(strided("shared", 1)).bankConflicts()).isEqualTo(1);
    assertThat(counted(strided("shared", 2)).bankConflicts()).isEqualTo(2);
    assertThat(counted(strided("shared", 32)).bankConflicts()).isEqualTo(32);
    assertThat(counted(strided("shared", 31)).bankConflicts()).isEqualTo(1);
  }

  @Test
  void theMatrixLibraryMultiplies() {
    int m = 3;
    int n = 4;
    int k = 5;
    float[] a = new float[m * k];
    float[] b = new float[k * n];
    for (int i = 0; i < a.length; i++) {
      a[i] = i % 7 - 3;
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = i % 5 - 2;
    }
    long pa = driver.upload(a);
    long pb = driver.upload(b);
    long pc = driver.upload(new float[m * n]);
    // A is stored transposed: [k, m] column by column is [m, k] row by row.
    assertThat(sgemm(m, n, k, pa, k, pb, k, pc, m)).isZero();
    float[] c = driver.floats(pc, m * n);
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[row * k + p] * b[column * k + p];
        }
        assertThat(c[column * m + row]).isCloseTo(2 * sum, within(1e-5f));
      }
    }
    assertThat(sgemm(m, n, k, pa, 4, pb, k, pc, m)).as("lead too small").isEqualTo(7);
    assertThat(sgemm(m, n, k, pa, k, pb, k, driver.allocate(4L * m * n - 1), m)).isZero();
    assertThat(driver.call("cuCtxSynchronize")).isEqualTo(700);
    assertThat(driver.emulator().lastError()).startsWith("out of bounds: write by a library");
  }

  /** C = 2·Aᵀ·B. */
  private static int sgemm(
      int m, int n, int k, long a, int leadA, long b, int leadB, long c, int leadC) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup blas = SymbolLookup.libraryLookup("libcublas.so.12", Arena.global());
      Linker linker = Linker.nativeLinker();
      MemorySegment handle = arena.allocate(ADDRESS);
      int created =
          (int)
              linker
                  .downcallHandle(
                      blas.findOrThrow("cublasCreate_v2"), FunctionDescriptor.of(JAVA_INT, ADDRESS))
                  .invoke(handle);
      assertThat(created).isZero();
      MemorySegment alpha = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 2);
      MemorySegment beta = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
      return (int)
          linker
              .downcallHandle(
                  blas.findOrThrow("cublasSgemm_v2"),
                  FunctionDescriptor.of(
                      JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS,
                      JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
              .invoke(
                  handle.get(ADDRESS, 0), 1, 0, m, n, k, alpha, a, leadA, b, leadB, beta, c, leadC);
    } catch (Throwable e) {
      throw new IllegalStateException("cublas: " + e, e);
    }
  }

  @Test
  void everyFunctionThatBindingsImportIsThere() throws IOException {
    SymbolLookup blas = SymbolLookup.libraryLookup("libcublas.so.12", Arena.global());
    for (String name : Files.readAllLines(Path.of("src/main/cpp/driver/symbols.txt"))) {
      assertThat(driver.emulator().has(name)).as(name).isTrue();
    }
    for (String name : Files.readAllLines(Path.of("src/main/cpp/blas/symbols.txt"))) {
      assertThat(blas.find(name)).as(name).isPresent();
    }
    assertThat(driver.call("cuGraphicsUnregisterResource", 0L)).as("not emulated").isEqualTo(801);
  }
}
