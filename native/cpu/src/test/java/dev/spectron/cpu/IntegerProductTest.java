package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The products on vectors against the same integers one by one: equal to the last bit. */
class IntegerProductTest {
  @ParameterizedTest
  @CsvSource({
    "INT8, 1, 16, 64", "INT8, 1, 1, 1", "INT8, 3, 40, 130", "INT8, 8, 200, 97",
    "INT4, 1, 16, 64", "INT4, 1, 1, 1", "INT4, 3, 40, 130", "INT4, 8, 200, 97"
  })
  void everyWidthGivesTheSameBits(Packing packing, int rows, int columns, int depth) {
    SplittableRandom random = new SplittableRandom(rows + 31L * columns + depth);
    float[] x = loud(random, rows * depth);
    WeightData weight =
        WeightData.packed(
            WeightData.of("w", Shape.of(columns, depth), loud(random, columns * depth)), packing);
    float[] expected = oneByOne(x, rows, weight);
    for (int bits : new int[] {128, 256, 512}) {
      float[] y = new float[rows * columns];
      try (Arena arena = Arena.ofShared()) {
        BlockPanels panels =
            new BlockPanels(
                arena.allocate(weight.data().byteSize(), 64).copyFrom(weight.data()),
                packing,
                columns,
                depth);
        multiply(VectorWidth.of(bits), arena, x, rows, panels, y);
      }
      assertThat(y).as("%d bits", bits).isEqualTo(expected);
    }
  }

  /** In two parts, as a team would share it. */
  private static void multiply(
      VectorWidth width, Arena arena, float[] x, int rows, BlockPanels panels, float[] y) {
    try (CpuTeam team = new CpuTeam(2)) {
      ScalarProducts scalars = ScalarProducts.until(width, Readiness.complete());
      BufferPool pool = new BufferPool(1 << 20, true);
      NativeProducts.Loaded natives = NativeProducts.Loaded.none("not asked for");
      Machine machine = Machine.of(width, scalars, team, pool, natives, arena);
      IntegerProduct product = new IntegerProduct(width);
      IntegerRows integers = new IntegerRows(machine);
      int depth = panels.depth();
      int columns = panels.columns();
      integers.quantise(new Rows(x, 0, depth, rows), depth, panels.packing());
      int cut = Math.min(rows, 3);
      Rows first = new Rows(y, 0, columns, cut);
      Rows rest = new Rows(y, cut * columns, columns, rows - cut);
      product.accumulate(machine.workspaces()[0], integers, 0, panels, 0, columns, first);
      product.accumulate(machine.workspaces()[1], integers, cut, panels, 0, columns, rest);
    }
  }

  /** Some blocks of the largest codes alone, where 16 bits are full, and some of zeros. */
  static float[] loud(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int from = 0; from < size; from += 32) {
      int kind = random.nextInt(4);
      for (int i = from; i < Math.min(size, from + 32); i++) {
        values[i] =
            switch (kind) {
              case 0 -> 1;
              case 1 -> i % 2 == 0 ? -1 : 1;
              case 2 -> 0;
              default -> (float) random.nextGaussian();
            };
      }
    }
    return values;
  }

  private static float[] oneByOne(float[] x, int rows, WeightData weight) {
    int columns = weight.shape().size(0);
    int depth = weight.shape().size(1);
    float[] y = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      float[] own = Arrays.copyOfRange(x, row * depth, (row + 1) * depth);
      for (int column = 0; column < columns; column++) {
        y[row * columns + column] =
            weight.packing() == Packing.INT8
                ? ScalarIntegers.int8(own, weight, column)
                : ScalarIntegers.int4(own, weight, column);
      }
    }
    return y;
  }
}
