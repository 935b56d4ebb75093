package dev.spectron.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What instructions compute, each against Java. */
class InstructionTest {
  private final Driver driver = new Driver();

  @BeforeEach
  void startAfresh() {
    driver.emulator().reset();
    driver.emulator().schedule(Order.FORWARD, 1);
  }

  /** One thread: %r1 to %r3 and %f1 to %f3 hold the three words given; %r9 is the result. */
  private int one(String body, int a, int b, int c) {
    String program =
        """
        .visible .entry test(.param .u64 out, .param .u32 a, .param .u32 b, .param .u32 c) {
          .reg .b16 %h<9>; .reg .b32 %r<20>; .reg .b64 %rd<9>; .reg .f32 %f<20>; .reg .pred %p<9>;
          ld.param.u64 %rd1, [out];
          ld.param.u32 %r1, [a];
          ld.param.u32 %r2, [b];
          ld.param.u32 %r3, [c];
          mov.b32 %f1, %r1;
          mov.b32 %f2, %r2;
          mov.b32 %f3, %r3;
          BODY
          st.global.u32 [%rd1], %r9;
          ret;
        }
        """
            .replace("BODY", body);
    long out = driver.upload(0);
    assertThat(driver.run(driver.kernel(program), 1, out, a, b, c)).as(body).isEmpty();
    return driver.ints(out, 1)[0];
  }

  private float real(String body, float a, float b, float c) {
    int bits =
        one(
            body + " mov.b32 %r9, %f9;",
            Float.floatToRawIntBits(a),
            Float.floatToRawIntBits(b),
            Float.floatToRawIntBits(c));
    return Float.intBitsToFloat(bits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          add.s32 %r9, %r1, %r2;                                    ~ -7 ~ 3  ~ 0  ~ -4
          sub.s32 %r9, %r1, %r2;                                    ~ -7 ~ 3  ~ 0  ~ -10
          mul.lo.s32 %r9, %r1, %r2;                                 ~ -7 ~ 3  ~ 0  ~ -21
          mul.hi.u32 %r9, %r1, %r2;                                 ~ -1 ~ 4  ~ 0  ~ 3
          mul.hi.s32 %r9, %r1, %r2;                                 ~ -1 ~ 4  ~ 0  ~ -1
          mad.lo.s32 %r9, %r1, %r2, %r3;                            ~ -7 ~ 3  ~ 5  ~ -16
          div.s32 %r9, %r1, %r2;                                    ~ -7 ~ 3  ~ 0  ~ -2
          div.u32 %r9, %r1, %r2;                                    ~ -1 ~ 2  ~ 0  ~ 2147483647
          rem.s32 %r9, %r1, %r2;                                    ~ -7 ~ 3  ~ 0  ~ -1
          min.s32 %r9, %r1, %r2;                                    ~ -7 ~ 3  ~ 0  ~ -7
          min.u32 %r9, %r1, %r2;                                    ~ -7 ~ 3  ~ 0  ~ 3
          max.s32 %r9, %r1, %r2;                                    ~ -7 ~ 3  ~ 0  ~ 3
          neg.s32 %r9, %r1;                                         ~ -7 ~ 0  ~ 0  ~ 7
          abs.s32 %r9, %r1;                                         ~ -7 ~ 0  ~ 0  ~ 7
          and.b32 %r9, %r1, %r2;                                    ~ 12 ~ 10 ~ 0  ~ 8
          or.b32 %r9, %r1, %r2;                                     ~ 12 ~ 10 ~ 0  ~ 14
          xor.b32 %r9, %r1, %r2;                                    ~ 12 ~ 10 ~ 0  ~ 6
          not.b32 %r9, %r1;                                         ~ 12 ~ 0  ~ 0  ~ -13
          shl.b32 %r9, %r1, %r2;                                    ~ 3  ~ 4  ~ 0  ~ 48
          shl.b32 %r9, %r1, %r2;                                    ~ 3  ~ 32 ~ 0  ~ 0
          shr.u32 %r9, %r1, %r2;                                    ~ -1 ~ 28 ~ 0  ~ 15
          shr.s32 %r9, %r1, %r2;                                    ~ -8 ~ 40 ~ 0  ~ -1
          shf.l.wrap.b32 %r9, %r1, %r2, %r3;                        ~ -1 ~ 1  ~ 4  ~ 31
          lop3.b32 %r9, %r1, %r2, %r3, 0x96;                        ~ 12 ~ 10 ~ 9  ~ 15
          prmt.b32 %r9, %r1, %r2, 0x5410;                           ~ 258~ 772~ 0  ~ 50594050
          popc.b32 %r9, %r1;                                        ~ 255~ 0  ~ 0  ~ 8
          clz.b32 %r9, %r1;                                         ~ 255~ 0  ~ 0  ~ 24
          brev.b32 %r9, %r1;                                        ~ 1  ~ 0  ~ 0  ~ -2147483648
          bfe.u32 %r9, %r1, 4, 4;                                   ~ 165~ 0  ~ 0  ~ 10
          bfe.s32 %r9, %r1, 4, 4;                                   ~ 165~ 0  ~ 0  ~ -6
          bfi.b32 %r9, %r1, %r2, 4, 8;                              ~ 255~ 0  ~ 0  ~ 4080
          setp.lt.s32 %p1, %r1, %r2; selp.b32 %r9, 1, 0, %p1;       ~ -7 ~ 3  ~ 0  ~ 1
          setp.lt.u32 %p1, %r1, %r2; selp.b32 %r9, 1, 0, %p1;       ~ -7 ~ 3  ~ 0  ~ 0
          setp.ge.s32 %p1|%p2, %r1, %r2; selp.b32 %r9, 1, 0, %p2;   ~ -7 ~ 3  ~ 0  ~ 1
          setp.ne.s32 %p2, %r3, 0; setp.lt.and.s32 %p1, %r1, %r2, !%p2; selp.b32 %r9, 1, 0, %p1; ~ -7 ~ 3 ~ 1 ~ 0
          cvt.u16.u32 %h1, %r1; cvt.s32.s16 %r9, %h1;               ~ 65535 ~ 0 ~ 0 ~ -1
          cvt.s32.s8 %r9, %r1;                                      ~ 200~ 0  ~ 0  ~ -56
          cvt.u32.u8 %r9, %r1;                                      ~ 456~ 0  ~ 0  ~ 200
          mov.b32 {%h1, %h2}, %r1; mov.b32 %r9, {%h2, %h1};         ~ 65538 ~ 0 ~ 0 ~ 131073
          mul.wide.s32 %rd2, %r1, %r2; shr.s64 %rd2, %rd2, 1; cvt.u32.u64 %r9, %rd2; ~ -7 ~ 4 ~ 0 ~ -14
          setp.eq.s32 %p3, %r1, 0; @!%p3 bra $X; mov.u32 %r9, 1; bra $Y; $X: mov.u32 %r9, 2; $Y: ~ 0 ~ 0 ~ 0 ~ 1
          { .reg .b32 t; mov.b32 t, %r1; add.s32 %r9, t, 1; }       ~ 4  ~ 0  ~ 0  ~ 5
          """)
  void integersAndBitsAreAsInJava(String body, int a, int b, int c, int expected) {
    assertThat(one(body, a, b, c)).as(body).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          add.f32 %f9, %f1, %f2;               ~ 1.5  ~ 2    ~ 0    ~ 3.5
          mul.f32 %f9, %f1, %f2;               ~ 1.5  ~ 2    ~ 0    ~ 3
          fma.rn.f32 %f9, %f1, %f2, %f3;       ~ 1.5  ~ 2    ~ 0.25 ~ 3.25
          div.rn.f32 %f9, %f1, %f2;            ~ 1    ~ 4    ~ 0    ~ 0.25
          min.f32 %f9, %f1, %f2;               ~ NaN  ~ 4    ~ 0    ~ 4
          max.f32 %f9, %f1, %f2;               ~ -1   ~ NaN  ~ 0    ~ -1
          abs.f32 %f9, %f1;                    ~ -1.5 ~ 0    ~ 0    ~ 1.5
          neg.f32 %f9, %f1;                    ~ -1.5 ~ 0    ~ 0    ~ 1.5
          sqrt.rn.f32 %f9, %f1;                ~ 2.25 ~ 0    ~ 0    ~ 1.5
          rsqrt.approx.f32 %f9, %f1;           ~ 4    ~ 0    ~ 0    ~ 0.5
          rcp.rn.f32 %f9, %f1;                 ~ 4    ~ 0    ~ 0    ~ 0.25
          ex2.approx.ftz.f32 %f9, %f1;         ~ -3   ~ 0    ~ 0    ~ 0.125
          lg2.approx.f32 %f9, %f1;             ~ 8    ~ 0    ~ 0    ~ 3
          copysign.f32 %f9, %f1, %f2;          ~ -1   ~ 5    ~ 0    ~ -5
          cvt.rni.f32.f32 %f9, %f1;            ~ 2.5  ~ 0    ~ 0    ~ 2
          cvt.rzi.s32.f32 %r4, %f1; cvt.rn.f32.s32 %f9, %r4;  ~ -2.7 ~ 0 ~ 0 ~ -2
          cvt.rmi.s32.f32 %r4, %f1; cvt.rn.f32.s32 %f9, %r4;  ~ -2.7 ~ 0 ~ 0 ~ -3
          cvt.rzi.s32.f32 %r4, %f1; cvt.rn.f32.s32 %f9, %r4;  ~ NaN  ~ 0 ~ 0 ~ 0
          cvt.rzi.s32.f32 %r4, %f1; cvt.rn.f32.s32 %f9, %r4;  ~ 1e20 ~ 0 ~ 0 ~ 2147483647
          cvt.rn.bf16.f32 %h1, %f1; cvt.u32.u16 %r4, %h1; shl.b32 %r4, %r4, 16; mov.b32 %f9, %r4; ~ 1.00390625 ~ 0 ~ 0 ~ 1
          cvt.rn.bf16x2.f32 %r4, %f1, %f2; and.b32 %r4, %r4, 0xffff0000; mov.b32 %f9, %r4; ~ 3 ~ 5 ~ 0 ~ 3
          setp.lt.f32 %p1, %f1, %f2; selp.f32 %f9, 0f3F800000, 0f00000000, %p1;  ~ NaN ~ 1 ~ 0 ~ 0
          setp.ltu.f32 %p1, %f1, %f2; selp.f32 %f9, 0f3F800000, 0f00000000, %p1; ~ NaN ~ 1 ~ 0 ~ 1
          setp.neu.f32 %p1, %f1, %f2; selp.f32 %f9, 0f3F800000, 0f00000000, %p1; ~ 1   ~ 1 ~ 0 ~ 0
          setp.num.f32 %p1, %f1, %f2; selp.f32 %f9, 0f3F800000, 0f00000000, %p1; ~ NaN ~ 1 ~ 0 ~ 0
          """)
  void floatsAreAsInJava(String body, float a, float b, float c, float expected) {
    assertThat(real(body, a, b, c)).as(body).isEqualTo(expected);
  }

  /** Lane t has the number t·t in %r2; %r9 goes out. */
  private int[] warp(String body) {
    String program =
        """
        .visible .entry test(.param .u64 out) {
          .reg .b32 %r<20>; .reg .b64 %rd<9>; .reg .pred %p<9>;
          ld.param.u64 %rd1, [out];
          mov.u32 %r1, %tid.x;
          mul.lo.s32 %r2, %r1, %r1;
          setp.gt.u32 %p1, %r1, 29;
          BODY
          mul.wide.u32 %rd2, %r1, 4;
          add.s64 %rd1, %rd1, %rd2;
          st.global.u32 [%rd1], %r9;
          ret;
        }
        """
            .replace("BODY", body);
    long out = driver.upload(new int[32]);
    assertThat(driver.run(driver.kernel(program), 32, out)).isEmpty();
    return driver.ints(out, 32);
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void lanesExchangeNumbers(Order order) {
    driver.emulator().schedule(order, 11);
    int[] xor = warp("shfl.sync.bfly.b32 %r9, %r2, 5, 31, -1;");
    int[] up = warp("shfl.sync.up.b32 %r9|%p2, %r2, 3, 0, -1; @!%p2 mov.u32 %r9, 7;");
    int[] down = warp("shfl.sync.down.b32 %r9, %r2, 3, 0x181f, -1;");
    int[] index = warp("shfl.sync.idx.b32 %r9, %r2, 2, 0x1c1f, -1;");
    int[] ballot = warp("vote.sync.ballot.b32 %r9, %p1, -1;");
    int[] any = warp("vote.sync.any.pred %p2, !%p1, -1; selp.b32 %r9, 1, 0, %p2;");
    int[] all = warp("vote.sync.all.pred %p2, %p1, -1; selp.b32 %r9, 1, 0, %p2;");
    for (int t = 0; t < 32; t++) {
      assertThat(xor[t]).isEqualTo((t ^ 5) * (t ^ 5));
      assertThat(up[t]).isEqualTo(t < 3 ? 7 : (t - 3) * (t - 3));
      int from = t % 8 < 5 ? t + 3 : t;
      assertThat(down[t]).isEqualTo(from * from);
      assertThat(index[t]).isEqualTo((t / 4 * 4 + 2) * (t / 4 * 4 + 2));
      assertThat(ballot[t]).isEqualTo(3 << 30);
      assertThat(any[t]).isEqualTo(1);
      assertThat(all[t]).isZero();
    }
  }

  @Test
  void partsOfAWarpMeetByThemselves() {
    int[] found =
        warp(
            """
            setp.lt.u32 %p2, %r1, 8;
            @%p2 bra $A;
            shfl.sync.bfly.b32 %r9, %r2, 1, 31, 0xffffff00;
            bra $B;
            $A: shfl.sync.bfly.b32 %r9, %r2, 2, 31, 0x000000ff;
            $B:
            """);
    for (int t = 0; t < 32; t++) {
      int from = t < 8 ? t ^ 2 : t ^ 1;
      assertThat(found[t]).isEqualTo(from * from);
    }
  }

  /** C = A·B through ldmatrix (.trans for B, stored row by row) and mma, in bfloat16. */
  private static final String MATRIX =
      """
      .visible .entry test(.param .u64 pa, .param .u64 pb, .param .u64 pc) {
        .reg .b16 %h<9>; .reg .b32 %r<40>; .reg .b64 %rd<20>; .reg .f32 %f<20>; .reg .pred %p<9>;
        .shared .align 16 .b8 sa[512];
        .shared .align 16 .b8 sb[256];
        ld.param.u64 %rd1, [pa];
        ld.param.u64 %rd2, [pb];
        ld.param.u64 %rd3, [pc];
        mov.u32 %r1, %tid.x;
        mul.wide.u32 %rd4, %r1, 16;
        add.s64 %rd5, %rd1, %rd4;
        shl.b32 %r2, %r1, 4;
        mov.u32 %r3, sa;
        add.s32 %r4, %r3, %r2;
        ld.global.v4.b32 {%r10, %r11, %r12, %r13}, [%rd5];
        st.shared.v4.b32 [%r4], {%r10, %r11, %r12, %r13};
        setp.lt.u32 %p1, %r1, 16;
        mov.u32 %r5, sb;
        @!%p1 bra $ROWS;
        add.s64 %rd5, %rd2, %rd4;
        add.s32 %r4, %r5, %r2;
        ld.global.v4.b32 {%r10, %r11, %r12, %r13}, [%rd5];
        st.shared.v4.b32 [%r4], {%r10, %r11, %r12, %r13};
      $ROWS:
        bar.sync 0;
        and.b32 %r6, %r1, 15;
        shl.b32 %r6, %r6, 5;
        shr.u32 %r7, %r1, 4;
        shl.b32 %r7, %r7, 4;
        add.s32 %r6, %r6, %r7;
        add.s32 %r6, %r6, %r3;
        ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r20, %r21, %r22, %r23}, [%r6];
        and.b32 %r6, %r1, 15;
        shl.b32 %r6, %r6, 4;
        add.s32 %r6, %r6, %r5;
        ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%r24, %r25}, [%r6];
        mov.f32 %f1, 0f3F800000;
        mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
          {%f4, %f5, %f6, %f7}, {%r20, %r21, %r22, %r23}, {%r24, %r25}, {%f1, %f1, %f1, %f1};
        shr.u32 %r6, %r1, 2;
        and.b32 %r7, %r1, 3;
        shl.b32 %r6, %r6, 5;
        shl.b32 %r7, %r7, 3;
        add.s32 %r6, %r6, %r7;
        cvt.u64.u32 %rd6, %r6;
        add.s64 %rd6, %rd3, %rd6;
        st.global.v2.f32 [%rd6], {%f4, %f5};
        st.global.v2.f32 [%rd6+256], {%f6, %f7};
        ret;
      }
      """;

  @Test
  void matricesMultiply() {
    SplittableRandom random = new SplittableRandom(3);
    float[] a = new float[256];
    float[] b = new float[128];
    for (int i = 0; i < 256; i++) {
      a[i] = random.nextInt(-64, 64);
      b[i / 2] = random.nextInt(-64, 64);
    }
    long c = driver.upload(new float[128]);
    long pa = driver.upload(bf16(a));
    long pb = driver.upload(bf16(b));
    assertThat(driver.run(driver.kernel(MATRIX), 32, pa, pb, c)).isEmpty();
    float[] found = driver.floats(c, 128);
    for (int row = 0; row < 16; row++) {
      for (int column = 0; column < 8; column++) {
        float sum = 1;
        for (int k = 0; k < 16; k++) {
          sum += a[row * 16 + k] * b[k * 8 + column];
        }
        assertThat(found[row * 8 + column]).isEqualTo(sum);
      }
    }
    assertThat(driver.run(driver.kernel(MATRIX), 16, pa, pb, c)).contains("divergence: a matrix");
  }

  /** Two numbers a word, the first in the lower half. */
  private static int[] bf16(float[] values) {
    int[] words = new int[values.length / 2];
    for (int i = 0; i < words.length; i++) {
      int low = Float.floatToRawIntBits(values[2 * i]) >>> 16;
      words[i] = low | (Float.floatToRawIntBits(values[2 * i + 1]) & 0xffff0000);
    }
    return words;
  }

  @Test
  void atomicsAddUpOverBlocks() {
    String program =
        """
        .visible .entry test(.param .u64 out) {
          .reg .b32 %r<9>; .reg .b64 %rd<9>; .reg .f32 %f<9>;
          ld.param.u64 %rd1, [out];
          mov.u32 %r1, %tid.x;
          cvt.rn.f32.u32 %f1, %r1;
          red.global.add.f32 [%rd1], %f1;
          atom.global.add.u32 %r2, [%rd1+4], 1;
          atom.global.max.u32 %r2, [%rd1+8], %r1;
          ret;
        }
        """;
    long out = driver.upload(0, 0, 0);
    assertThat(driver.launch(driver.kernel(program), 3, 50, out)).isZero();
    int[] found = driver.ints(out, 3);
    assertThat(Float.intBitsToFloat(found[0])).isEqualTo(3 * 49 * 50 / 2f);
    assertThat(found[1]).isEqualTo(150);
    assertThat(found[2]).isEqualTo(49);
  }

  @Test
  void threadsAndBlocksKnowTheirPlaces() {
    String program =
        """
        .visible .entry test(.param .u64 out) {
          .reg .b32 %r<9>; .reg .b64 %rd<9>;
          .local .align 4 .b8 depot[8];
          ld.param.u64 %rd1, [out];
          mov.u32 %r1, %ctaid.x;
          mov.u32 %r2, %ntid.x;
          mov.u32 %r3, %tid.x;
          mad.lo.s32 %r4, %r1, %r2, %r3;
          mov.u64 %rd3, depot;
          cvta.local.u64 %rd4, %rd3;
          st.u32 [%rd4+4], %r4;
          ld.local.u32 %r5, [%rd3+4];
          mul.wide.u32 %rd2, %r4, 4;
          add.s64 %rd1, %rd1, %rd2;
          st.global.u32 [%rd1], %r5;
          ret;
        }
        """;
    long out = driver.upload(new int[66]);
    assertThat(driver.launch(driver.kernel(program), 2, 33, out)).isZero();
    int[] found = driver.ints(out, 66);
    for (int i = 0; i < 66; i++) {
      assertThat(found[i]).isEqualTo(i);
    }
  }
}
