package dev.spectron.training.quantise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.layer.Init;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomPackedWeightsTest {
  @Test
  void packedOnesHaveTheSpreadAskedFor() {
    try (Arena arena = Arena.ofShared()) {
      RandomPackedWeights weights = new RandomPackedWeights(PackingPolicy.int4(), 3, arena);
      WeightData matrix =
          weights.read("lm.layers.0.query.weight", Shape.of(100, 256), Init.normal(0.05));
      assertThat(matrix.packing()).isEqualTo(Packing.INT4);
      assertThat(matrix.data().isNative()).isTrue();
      float[] values = matrix.toFloats();
      double squares = 0;
      for (float value : values) {
        squares += (double) value * value;
      }
      assertThat(Math.sqrt(squares / values.length)).isBetween(0.045, 0.055);
      WeightData bias = weights.read("lm.layers.0.query.bias", Shape.of(100), Init.zeros());
      assertThat(bias.packing()).isEqualTo(Packing.ROWS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lm.layers.3.feed_forward.up.weight, 1024, 256, INT4, INT8, BF16",
    "lm.embedding.weight, 582, 256, INT8, INT8, BF16",
    "conformer.layers.0.attention.query.weight, 192, 192, INT8, INT8, BF16",
    "nets.projection.weight, 256, 192, BF16, BF16, BF16",
    "lm.layers.3.attention.u, 4, 64, ROWS, ROWS, ROWS",
    "lm.layers.3.narrow, 4096, 32, ROWS, ROWS, ROWS"
  })
  void policiesKeepWhatIsSensitiveOrSmall(
      String path, int rows, int depth, Packing int4, Packing int8, Packing bf16) {
    Shape shape = Shape.of(rows, depth);
    assertThat(PackingPolicy.int4().of(path, shape)).isEqualTo(int4);
    assertThat(PackingPolicy.int8().of(path, shape)).isEqualTo(int8);
    assertThat(PackingPolicy.bf16().of(path, shape)).isEqualTo(bf16);
    assertThat(PackingPolicy.int4().of(path, Shape.of(rows, depth, 3, 3))).isEqualTo(Packing.ROWS);
  }

  /** No scale spans two taps. */
  @Test
  void convolutionsArePackedInWholeBlocksOfChannels() {
    String path = "vocoder.up_blocks.0.convolutions.1.weight";
    assertThat(PackingPolicy.int4().of(path, Shape.of(512, 512, 3))).isEqualTo(Packing.INT8);
    assertThat(PackingPolicy.bf16().of(path, Shape.of(512, 512, 3))).isEqualTo(Packing.BF16);
    assertThat(PackingPolicy.int8().of(path, Shape.of(512, 80, 5))).isEqualTo(Packing.ROWS);
    assertThat(PackingPolicy.int8().of(path, Shape.of(1024, 1, 31))).isEqualTo(Packing.ROWS);
    assertThat(PackingPolicy.int8().of(path, Shape.of(1, 32, 5))).isEqualTo(Packing.ROWS);
  }
}
