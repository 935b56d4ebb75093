package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Bf16Panels;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Native products against the same numbers one by one: integers equal to the last bit, in whatever
 * tile a row or a column comes to lie.
 */
class NativeProductsTest {
  /** rows, from row to row, taps, from tap to tap, elements of a tap, columns. */
  private static final int[][] GEOMETRIES = {
    {1, 64, 1, 0, 64, 16},
    {1, 1, 1, 0, 1, 1},
    {2, 97, 1, 0, 97, 40},
    {5, 130, 1, 0, 130, 33},
    {23, 100, 1, 0, 98, 200},
    {13, 32, 3, 32, 32, 17},
    {26, 64, 3, 128, 64, 48},
    {7, 96, 2, 32, 96, 31},
    {12, 32, 1, 0, 160, 5}
  };

  @Test
  void whyThereIsNoneIsSaid() {
    NativeProducts.Loaded loaded = NativeProducts.load(VectorWidth.preferredBits());
    assertThat(loaded.detail())
        .matches(
            loaded.natives().isEmpty()
                ? ".*(512-bit vectors|neither AVX-512 VNNI nor BF16|no native library for).*"
                : ".*AVX-512 (VNNI|BF16) for .*");
    assertThat(NativeProducts.load(256).detail()).contains("512-bit vectors");
  }

  @ParameterizedTest
  @CsvSource({"INT8, 1", "INT8, 2", "INT4, 1", "INT4, 2"})
  void integersGiveTheSameBits(Packing packing, int threads) {
    NativeProducts natives = natives(NativeProducts::hasIntegers);
    SplittableRandom random = new SplittableRandom(threads);
    for (int[] g : GEOMETRIES) {
      Product product = Product.random(g, packing, random);
      float[] y = product.run(natives, threads);
      for (int row = 0; row < product.rows.count(); row++) {
        for (int column = 0; column < product.columns; column++) {
          float[] seen = product.seen(row);
          float expected =
              packing == Packing.INT8
                  ? ScalarIntegers.int8(seen, product.weight, column)
                  : ScalarIntegers.int4(seen, product.weight, column);
          assertThat(y[row * (product.columns + 3) + column])
              .as("%s %s, row %d, column %d", packing, Arrays.toString(g), row, column)
              .isEqualTo(1 + expected);
        }
      }
    }
  }

  @Test
  void productsOfBf16AreThoseOfRoundedNumbers() {
    NativeProducts natives = natives(NativeProducts::hasBf16);
    SplittableRandom random = new SplittableRandom(3);
    for (int[] g : GEOMETRIES) {
      if (g[4] % 2 == 0) {
        Product product = Product.random(g, Packing.BF16, random);
        float[] y = product.run(natives, 2);
        for (int row = 0; row < product.rows.count(); row++) {
          float[] seen = product.seen(row);
          for (int column = 0; column < product.columns; column++) {
            double expected = 1;
            double size = 1;
            for (int k = 0; k < seen.length; k++) {
              float x = Bf16Panels.value(Bf16Panels.bits(seen[k]));
              float w = product.weight.get((long) column * seen.length + k);
              expected += (double) x * w;
              size += Math.abs((double) x * w);
            }
            assertThat((double) y[row * (product.columns + 3) + column])
                .as("%s, row %d, column %d", Arrays.toString(g), row, column)
                .isCloseTo(expected, within(1e-6 * size));
          }
        }
      }
    }
  }

  /** Memory behind the rows may hold anything. */
  @Test
  void whatRowsDoNotSeeDoesNotMatter() {
    NativeProducts natives = natives(NativeProducts::hasBf16);
    int[] geometry = {3, 40, 1, 0, 34, 20};
    Product product = Product.random(geometry, Packing.BF16, new SplittableRandom(5));
    float[] clean = product.run(natives, 1);
    for (int row = 0; row < 3; row++) {
      Arrays.fill(product.rows.data(), product.rows.at(row) + 34, product.rows.at(row) + 40, 1e38f);
    }
    assertThat(product.run(natives, 1)).isEqualTo(clean);
  }

  @Test
  void aNumberThatIsNoneSpoilsItsBlock() {
    NativeProducts natives = natives(NativeProducts::hasIntegers);
    int[] geometry = {2, 64, 1, 0, 64, 16};
    Product product = Product.random(geometry, Packing.INT8, new SplittableRandom(6));
    product.rows.data()[product.rows.at(1) + 40] = Float.NaN;
    float[] y = product.run(natives, 1);
    IntStream.range(0, 16).forEach(column -> assertThat(y[column]).isFinite());
    IntStream.range(19, 35).forEach(column -> assertThat(y[column]).isNaN());
  }

  /** Skips where the processor cannot, and only there: a library that is broken fails. */
  private static NativeProducts natives(Predicate<NativeProducts> able) {
    NativeProducts.Loaded loaded = NativeProducts.load(VectorWidth.preferredBits());
    assertThat(loaded.detail()).doesNotContain("does not load");
    assumeTrue(loaded.natives().stream().anyMatch(able), loaded.detail());
    return loaded.natives().getFirst();
  }

  private record Product(Rows rows, Taps taps, int columns, WeightData weight) {
    static Product random(int[] g, Packing packing, SplittableRandom random) {
      Taps taps = g[2] == 1 ? Taps.one(g[4]) : Taps.of(g[2], g[3], g[4]);
      Rows shape = new Rows(new float[0], 7, g[1], g[0]);
      float[] x = IntegerProductTest.loud(random, 7 + taps.span(shape) + g[1]);
      float[] w = IntegerProductTest.loud(random, g[5] * taps.depth());
      return new Product(
          new Rows(x, 7, g[1], g[0]),
          taps,
          g[5],
          WeightData.packed(WeightData.of("w", Shape.of(g[5], taps.depth()), w), packing));
    }

    /** What one row of the product sees. */
    float[] seen(int row) {
      float[] seen = new float[taps.depth()];
      for (int tap = 0; tap < taps.starts().length; tap++) {
        int from = rows.at(row) + taps.starts()[tap];
        System.arraycopy(rows.data(), from, seen, tap * taps.length(), taps.length());
      }
      return seen;
    }

    /** 1 + the product, with three columns of NaN after each row, which have to stay. */
    float[] run(NativeProducts natives, int threads) {
      int stride = columns + 3;
      float[] y = new float[rows.count() * stride];
      Arrays.fill(y, Float.NaN);
      for (int row = 0; row < rows.count(); row++) {
        Arrays.fill(y, row * stride, row * stride + columns, 1);
      }
      try (Arena arena = Arena.ofShared();
          CpuTeam team = new CpuTeam(threads)) {
        MemorySegment data = arena.allocate(weight.data().byteSize(), 64).copyFrom(weight.data());
        NativeRows x = new NativeRows(team, natives);
        int cut = columns / 2 / Panels.WIDTH * Panels.WIDTH;
        for (int[] part : new int[][] {{0, cut}, {cut, columns - cut}}) {
          Rows to = new Rows(y, part[0], stride, rows.count());
          if (weight.packing() == Packing.BF16) {
            x.round(rows, taps, Extent.of(rows, taps));
            Panels panels = Panels.stored(data, columns, taps.depth());
            natives.accumulate(x, 0, panels, part[0], part[1], to);
          } else {
            assertThat(NativeRows.inBlocks(rows, taps, Extent.of(rows, taps))).isTrue();
            x.quantise(rows, taps, Extent.of(rows, taps));
            BlockPanels panels = new BlockPanels(data, weight.packing(), columns, taps.depth());
            natives.accumulate(x, 0, panels, part[0], part[1], to);
          }
        }
      }
      for (int row = 0; row < rows.count(); row++) {
        assertThat(y[row * stride + columns]).isNaN();
      }
      return y;
    }
  }
}
