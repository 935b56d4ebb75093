package dev.spectron.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of bug, planted, is found and named. */
class FaultTest {
  private final Driver driver = new Driver();

  @BeforeEach
  @AfterEach
  void startAfresh() {
    driver.emulator().reset();
    driver.emulator().schedule(Order.FORWARD, 1);
    driver.emulator().delay(true, true);
  }

  /** Thread t works at p + 4·t + offset. */
  private static String global(String offset, String body) {
    return """
    .visible .entry test(.param .u64 p) {
      .reg .b32 %r<9>; .reg .b64 %rd<9>; .reg .f32 %f<9>;
      ld.param.u64 %rd1, [p];
      mov.u32 %r1, %tid.x;
      mul.wide.u32 %rd2, %r1, 4;
      add.s64 %rd3, %rd1, %rd2;
      add.s64 %rd3, %rd3, OFFSET;
      BODY
      ret;
    }
    """
        .replace("OFFSET", offset)
        .replace("BODY", body);
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void anAccessBehindAnAllocationIsOutOfBounds(Order order) {
    driver.emulator().schedule(order, 3);
    long memory = driver.upload(new int[31]);
    String write = driver.run(driver.kernel(global("0", "st.global.u32 [%rd3], %r1;")), 32, memory);
    assertThat(write)
        .startsWith(
            "700: out of bounds: write of 4 bytes at byte 124 of an allocation of 124 bytes [kernel test, block (0, 0, 0), thread (31, 0, 0), PTX line ")
        .endsWith(": st.global.u32]");
    driver.emulator().reset();
    String read = driver.run(driver.kernel(global("0", "ld.global.u32 %r2, [%rd3];")), 32, memory);
    assertThat(read).startsWith("700: out of bounds: read of 4 bytes at byte 124");
  }

  @Test
  void memoryThatWasFreedIsNotUsed() {
    long memory = driver.upload(new int[32]);
    driver.must("cuMemFree_v2", memory);
    assertThat(driver.run(driver.kernel(global("0", "ld.global.u32 %r2, [%rd3];")), 32, memory))
        .startsWith("700: use after free: read of 4 bytes at byte 0 of 128 freed ones");
  }

  @Test
  void anOddAddressIsMisaligned() {
    long memory = driver.upload(new int[40]);
    assertThat(driver.run(driver.kernel(global("2", "ld.global.u32 %r2, [%rd3];")), 32, memory))
        .startsWith("716: misaligned: read of 4 bytes at address ");
    driver.emulator().reset();
    String vector = "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd3];";
    assertThat(driver.run(driver.kernel(global("0", vector)), 2, memory))
        .startsWith("716: misaligned: read of 16 bytes at address ");
  }

  @Test
  void deviceMemoryThatNobodyWroteIsUninitialised() {
    long memory = driver.allocate(128);
    assertThat(driver.run(driver.kernel(global("0", "ld.global.u32 %r2, [%rd3];")), 32, memory))
        .startsWith("719: uninitialised read: read of 4 bytes at byte 0 of an allocation of 128");
    driver.emulator().reset();
    try (Arena arena = Arena.ofConfined()) {
      assertThat(driver.download(memory, arena.allocate(4))).isEqualTo(719);
    }
    assertThat(driver.emulator().lastError())
        .startsWith("uninitialised read: copy to the host of 4 bytes");
  }

  /** Threads share {@code .b32 s[64]}; {@code %r2} is the place of this one's number. */
  private static String shared(String body) {
    return """
    .visible .entry test() {
      .reg .b32 %r<9>; .reg .pred %p<4>;
      .shared .align 4 .b8 s[256];
      mov.u32 %r1, %tid.x;
      shl.b32 %r3, %r1, 2;
      mov.u32 %r2, s;
      add.s32 %r2, %r2, %r3;
      BODY
      ret;
    }
    """
        .replace("BODY", body);
  }

  @Test
  void sharedMemoryThatNobodyWroteIsUninitialised() {
    assertThat(driver.run(driver.kernel(shared("ld.shared.u32 %r4, [%r2];")), 32))
        .startsWith(
            "719: uninitialised read: thread 0 reads byte 0 of shared memory, which nothing");
  }

  @Test
  void sharedMemoryEnds() {
    assertThat(driver.run(driver.kernel(shared("st.shared.u32 [%r2+4], %r1;")), 64))
        .startsWith("700: out of bounds: shared write of 4 bytes at byte 256 of 256");
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void readingWhatAnotherThreadWroteNeedsABarrier(Order order) {
    driver.emulator().schedule(order, 5);
    String exchange =
        "st.shared.u32 [%r2], %r1; SYNC xor.b32 %r3, %r3, 4; mov.u32 %r4, s; add.s32 %r4, %r4, %r3; ld.shared.u32 %r5, [%r4];";
    String racy = shared(exchange.replace("SYNC", ""));
    assertThat(driver.run(driver.kernel(racy), 64))
        .matches(
            "719: (shared memory race: thread \\d+ (reads|writes) byte \\d+, which thread \\d+ (wrote|read) with no barrier between|uninitialised read).*");
    driver.emulator().reset();
    assertThat(driver.run(driver.kernel(shared(exchange.replace("SYNC", "bar.sync 0;"))), 64))
        .isEmpty();
    String warp = shared(exchange.replace("SYNC", "bar.warp.sync 0xffffffff;"));
    assertThat(driver.run(driver.kernel(warp), 64)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void overwritingWhatOthersStillReadIsARace(Order order) {
    driver.emulator().schedule(order, 5);
    String reuse =
        "st.shared.u32 [%r2], %r1; bar.sync 0; ld.shared.u32 %r5, [s]; SYNC st.shared.u32 [%r2], %r5;";
    assertThat(driver.run(driver.kernel(shared(reuse.replace("SYNC", ""))), 64))
        .startsWith("719: shared memory race: thread ");
    driver.emulator().reset();
    assertThat(driver.run(driver.kernel(shared(reuse.replace("SYNC", "bar.sync 0;"))), 64))
        .isEmpty();
  }

  @Test
  void bytesOfOneWordAreToldApart() {
    String own = "add.s32 %r2, %r1, 0; st.shared.u8 [%r2], %r1; ld.shared.u8 %r5, [%r2];";
    assertThat(driver.run(driver.kernel(shared(own)), 64)).isEmpty();
    String next = "add.s32 %r2, %r1, 0; st.shared.u8 [%r2], %r1; st.shared.u8 [%r2+1], %r1;";
    assertThat(driver.run(driver.kernel(shared(next)), 64))
        .startsWith("719: shared memory race: thread 1 writes byte 1, which thread 0 wrote");
  }

  @Test
  void aShuffleOrdersNoMemory() {
    String body =
        "st.shared.u32 [%r2], %r1; shfl.sync.idx.b32 %r6, %r1, 0, 31, 0xffffffff; xor.b32 %r3, %r3, 4; mov.u32 %r4, s; add.s32 %r4, %r4, %r3; ld.shared.u32 %r5, [%r4];";
    assertThat(driver.run(driver.kernel(shared(body)), 32))
        .startsWith("719: shared memory race: thread 31 reads byte 120, which thread 30 wrote");
  }

  @Test
  void aBarrierThatSomeThreadsMissIsADeadlock() {
    String half = "setp.lt.u32 %p1, %r1, 40; @%p1 bar.sync 0;";
    assertThat(driver.run(driver.kernel(shared(half)), 64))
        .startsWith("719: deadlock: 24 threads have left the kernel, 40 threads wait at bar.sync");
  }

  @Test
  void aWarpOperationThatSomeLanesMissIsADeadlock() {
    String half = "setp.lt.u32 %p1, %r1, 16; @%p1 shfl.sync.idx.b32 %r6, %r1, 0, 31, 0xffffffff;";
    assertThat(driver.run(driver.kernel(shared(half)), 32))
        .startsWith(
            "719: deadlock: 16 threads have left the kernel, 16 threads wait at shfl.sync.idx.b32");
  }

  @Test
  void lanesThatMeetAtDifferentOperationsDiverge() {
    String apart =
        """
        setp.lt.u32 %p1, %r1, 16;
        @%p1 bra $A;
        vote.sync.any.pred %p2, %p1, 0xffffffff;
        bra $B;
        $A: shfl.sync.idx.b32 %r6, %r1, 0, 31, 0xffffffff;
        $B:
        """;
    assertThat(driver.run(driver.kernel(shared(apart)), 32))
        .startsWith("719: divergence: thread 16 comes to vote.sync.any.pred in line ")
        .contains("while thread 0 of its warp waits at shfl.sync.idx.b32 in line ");
  }

  @Test
  void twoBarriersForTheLanesOfOneWarpDiverge() {
    String apart = "setp.lt.u32 %p1, %r1, 16; @%p1 bra $A; bar.sync 0; bra $B; $A: bar.sync 0; $B:";
    assertThat(driver.run(driver.kernel(shared(apart)), 32))
        .startsWith("719: divergence: thread 16 comes to the barrier in line ");
  }

  @Test
  void aMaskHoldsTheLaneItself() {
    String other = "vote.sync.ballot.b32 %r4, %p1, 1;";
    assertThat(driver.run(driver.kernel(shared("setp.eq.u32 %p1, %r1, 0;" + other)), 32))
        .startsWith("719: divergence: thread 1 calls vote.sync.ballot.b32 with mask 00000001");
  }

  /** Copies 16 bytes a thread to shared memory and reads them again. */
  private static String copy(String wait) {
    return """
    .visible .entry test(.param .u64 p) {
      .reg .b32 %r<9>; .reg .b64 %rd<9>;
      .shared .align 16 .b8 s[512];
      ld.param.u64 %rd1, [p];
      mov.u32 %r1, %tid.x;
      mul.wide.u32 %rd2, %r1, 16;
      add.s64 %rd3, %rd1, %rd2;
      shl.b32 %r3, %r1, 4;
      mov.u32 %r2, s;
      add.s32 %r2, %r2, %r3;
      cp.async.cg.shared.global [%r2], [%rd3], 16;
      cp.async.commit_group;
      WAIT
      ld.shared.u32 %r4, [%r2+12];
      st.global.u32 [%rd3], %r4;
      cp.async.wait_all;
      ret;
    }
    """
        .replace("WAIT", wait);
  }

  @Test
  void aCopyThatWasNotWaitedForIsLate() {
    long memory = driver.upload(new int[128]);
    assertThat(driver.run(driver.kernel(copy("")), 32, memory))
        .startsWith(
            "719: late cp.async: thread 0 reads byte 12, which the cp.async of thread 0 fills");
    driver.emulator().reset();
    assertThat(driver.run(driver.kernel(copy("cp.async.wait_group 1;")), 32, memory))
        .startsWith("719: late cp.async");
    driver.emulator().reset();
    int[] values = new int[128];
    values[3] = 77;
    long other = driver.upload(values);
    assertThat(driver.run(driver.kernel(copy("cp.async.wait_group 0;")), 32, other)).isEmpty();
    assertThat(driver.ints(other, 1)).containsExactly(77);
  }

  @Test
  void whatACopyOfAnotherThreadBroughtNeedsABarrierToo() {
    long memory = driver.upload(new int[128]);
    String body = copy("cp.async.wait_group 0; SYNC xor.b32 %r2, %r2, 16;");
    assertThat(driver.run(driver.kernel(body.replace("SYNC", "")), 32, memory))
        .matches("719: (shared memory race|uninitialised read|late cp.async).*");
    driver.emulator().reset();
    assertThat(driver.run(driver.kernel(body.replace("SYNC", "bar.sync 0;")), 32, memory))
        .isEmpty();
  }

  @Test
  void everyLaterCallFailsUntilTheReset() {
    long memory = driver.upload(new int[1]);
    long kernel = driver.kernel(global("0", "st.global.u32 [%rd3], %r1;"));
    assertThat(driver.run(kernel, 2, memory)).startsWith("700: ");
    assertThat(driver.run(kernel, 1, memory)).startsWith("700: ");
    driver.emulator().reset();
    assertThat(driver.run(kernel, 1, memory)).isEmpty();
  }

  @Test
  void programsThatAreNotUnderstoodAreRefusedByLine() {
    assertThat(driver.refusal(shared("frobnicate.u32 %r1;")))
        .matches("218: PTX line \\d+: instruction frobnicate.u32 is not supported");
    assertThat(driver.refusal(shared("bra $nowhere;")))
        .matches("218: PTX line \\d+: label '\\$nowhere' is not known");
    assertThat(driver.refusal(".visible .entry test() { mov.u32 %r1, 0; }"))
        .matches("218: PTX line \\d+: '%r1' is not known");
  }
}
