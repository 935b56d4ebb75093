package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Shape;
import java.util.List;

/**
 * A table with rows added for new tokens. They start at the mean of the others, so that no new
 * token is likelier than the old ones are on the whole. Source: Hewitt 2021, "Initializing new word
 * embeddings for pretrained language models".
 */
final class TableRows {
  private TableRows() {}

  /**
   * The tensor as it is stored.
   *
   * @param table {@code [rows, channels]}
   * @param rows as many as it shall have; fewer than it has change nothing
   */
  static StoredTensor extended(StageTensors.Tensor table, int rows) {
    int missing = rows - table.shape().size(0);
    if (missing <= 0) {
      return table.stored();
    }
    Shape shape = Shape.of(rows, table.shape().size(1));
    return new StoredTensor(
        table.path(),
        table.dtype(),
        Packing.ROWS,
        shape,
        () -> {
          WeightData old = table.read().get();
          return List.of(old, repeated(old, missing));
        });
  }

  private static WeightData repeated(WeightData table, int times) {
    int rows = table.shape().size(0);
    int channels = table.shape().size(1);
    double[] sum = new double[channels];
    for (long i = 0; i < (long) rows * channels; i++) {
      sum[(int) (i % channels)] += table.get(i);
    }
    float[] values = new float[Math.multiplyExact(times, channels)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (sum[i % channels] / rows);
    }
    return WeightData.of(table.path(), Shape.of(times, channels), values);
  }
}
