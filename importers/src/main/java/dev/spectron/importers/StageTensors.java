package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

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
  record Found(Map<String, Tensor> tensors, Set<String> needless) {}

  /**
   * A tensor to be read when it is its turn.
   *
   * @param path our name
   * @param dtype how it is stored
   * @param shape ours
   * @param read its numbers, as ours lie
   */
  record Tensor(String path, DType dtype, Shape shape, Supplier<WeightData> read) {
    StoredTensor stored() {
      return new StoredTensor(path, dtype, Packing.ROWS, shape, () -> List.of(read.get()));
    }
  }

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
    Map<String, Tensor> found = new LinkedHashMap<>();
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
          Shape stored = files.shape(row.theirs());
          if (!stored.equals(expected)) {
            throw new BundleException(
                "%s: %s: expected shape %s, found %s; config.json and the weights do not fit each other"
                    .formatted(files.where(), row.theirs(), expected, stored));
          }
          found.put(
              path,
              new Tensor(
                  path,
                  files.dtype(row.theirs()),
                  shape,
                  () -> row.layout().toOurs(files.get(row.theirs()), shape)));
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
                  files.shape(first)));
    }
    return new Found(found, left);
  }
}
