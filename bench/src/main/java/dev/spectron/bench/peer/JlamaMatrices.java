package dev.spectron.bench.peer;

import com.github.tjake.jlama.math.VectorMath;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.FloatBufferTensor;
import com.github.tjake.jlama.tensor.Q4ByteBufferTensor;
import com.github.tjake.jlama.tensor.operations.TensorOperations;
import dev.spectron.bench.DecodeMatrices;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The products of {@link DecodeMatrices} in Jlama, as its models do them: weights of 4 bits,
 * activations quantised to 8 for each product, rows shared out among its threads. Its activation
 * function is left out.
 */
final class JlamaMatrices {
  private final TensorOperations operations;
  private final FloatBufferTensor state;
  private final FloatBufferTensor inner;
  private final FloatBufferTensor result;
  private final List<AbstractTensor<?, ?>> weights = new ArrayList<>();

  JlamaMatrices(TensorOperations operations, int width, int nLayers) {
    this.operations = operations;
    int hidden = DecodeMatrices.GATED * width;
    this.state = normal(1, width);
    this.inner = normal(1, hidden);
    this.result = new FloatBufferTensor(1, hidden);
    FloatBufferTensor square = normal(width, width);
    FloatBufferTensor up = normal(hidden, width);
    FloatBufferTensor down = normal(width, hidden);
    for (int layer = 0; layer < nLayers; layer++) {
      for (FloatBufferTensor matrix : List.of(square, square, square, square, up, up, down)) {
        weights.add(new Q4ByteBufferTensor(matrix));
      }
    }
  }

  private static FloatBufferTensor normal(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(rows);
    FloatBufferTensor values = new FloatBufferTensor(rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values.set((float) (random.nextGaussian() / Math.sqrt(columns)), row, column);
      }
    }
    return values;
  }

  void step() {
    for (AbstractTensor<?, ?> weight : weights) {
      int rows = weight.shape().first();
      int depth = weight.shape().last();
      FloatBufferTensor x = depth == state.shape().last() ? state : inner;
      try (AbstractTensor<?, ?> codes = operations.quantize(x, DType.I8, 0, depth)) {
        VectorMath.pchunk(
            0,
            rows,
            (first, count) ->
                operations.dotProductChunk(result, codes, weight, 0, depth, first, count));
      }
    }
  }
}
