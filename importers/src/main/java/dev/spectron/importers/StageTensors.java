package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The tensors of a stage, found in a checkpoint under their foreign names. Every tensor of the
 * checkpoint is used or named as needless, every tensor of the stage is there in its shape.
 */
final class StageTensors {
  private StageTensors() {}

  /**
   * What was found.
   *
   * @param tensors under our names, in the order of the stage
   * @param needless names of tensors that the stage has no use for
   */
  record Found(Map<String, WeightData> tensors, Set<String> needless) {}

  /**
   * Finds the tensors.
   *
   * @param stage shapes of the stage by our names
   * @param names what they are called
   * @param needless whether a tensor that nothing asks for may be there
   * @throws BundleException if one is missing, left over or of another shape
   */
  static Found find(
      TensorFiles files, Map<String, Shape> stage, NameTable names, Predicate<String> needless) {
    Map<String, WeightData> found = new LinkedHashMap<>();
    Set<String> left = new TreeSet<>(files.names());
    stage.forEach(
        (path, shape) -> {
          NameTable.Row row = names.theirs(path);
          Shape expected = row.layout().theirs(shape);
          if (!left.remove(row.theirs())) {
            throw new BundleException(
                "%s: %s: expected shape %s, found no such tensor among %d; config.json and the weights do not fit each other"
                    .formatted(files.where(), row.theirs(), expected, files.names().size()));
          }
          WeightData data = files.get(row.theirs());
          if (!data.shape().equals(expected)) {
            throw new BundleException(
                "%s: %s: expected shape %s, found %s; config.json and the weights do not fit each other"
                    .formatted(files.where(), row.theirs(), expected, data.shape()));
          }
          requireFloats(files, data);
          found.put(path, row.layout().toOurs(data, shape).named(path));
        });
    Set<String> unread = new TreeSet<>(left);
    unread.removeIf(needless);
    if (!unread.isEmpty()) {
      String first = unread.iterator().next();
      throw new BundleException(
          "%s: expected every tensor to have a use, found %d without: %s, such as %s of shape %s; the weights are of another model than config.json says"
              .formatted(
                  files.where(),
                  unread.size(),
                  String.join(", ", unread.stream().limit(5).toList()),
                  first,
                  files.get(first).shape()));
    }
    return new Found(found, left);
  }

  private static void requireFloats(TensorFiles files, WeightData data) {
    switch (data.dtype()) {
      case F32, F16, BF16, F64 -> {}
      case I64, I32, I8, U8 ->
          throw new BundleException(
              "%s: %s: expected F32, F16 or BF16, found %s; import the checkpoint before it was quantised"
                  .formatted(files.where(), data.path(), data.dtype()));
    }
  }
}
