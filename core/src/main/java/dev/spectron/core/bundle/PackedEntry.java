package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a safetensors file says that a matrix is packed: the tensor is bytes, and the metadata has
 * {@code "packing:<name>": "INT8 1024 2048"}, packing, rows and depth. To other readers the file is
 * valid and the tensor is bytes.
 */
final class PackedEntry {
  private static final String KEY = "packing:";
  private static final String EXPECTED =
      "expected packing, rows and depth as in \"INT8 1024 2048\"";

  private PackedEntry() {}

  /** The metadata with an entry for each packed tensor. */
  static Map<String, String> addTo(Map<String, String> metadata, List<StoredTensor> tensors) {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    for (StoredTensor tensor : tensors) {
      if (tensor.packing() != Packing.ROWS) {
        Shape shape = tensor.shape();
        all.put(
            KEY + tensor.name(),
            "%s %d %d".formatted(tensor.packing(), shape.size(0), shape.size(1)));
      }
    }
    return all;
  }

  /**
   * Gives tensors the packing and shape that the metadata says.
   *
   * @param name of the file, for messages
   * @param tensors as bytes; changed in place
   * @throws BundleException if an entry is malformed or does not fit its tensor
   */
  static void parse(
      String name, Map<String, String> metadata, Map<String, SafetensorsHeader.Entry> tensors) {
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(KEY)) {
            String path = key.substring(KEY.length());
            tensors.put(path, entry(name + ": " + key, value, tensors.get(path)));
          }
        });
  }

  private static SafetensorsHeader.Entry entry(
      String where, String text, SafetensorsHeader.Entry bytes) {
    if (bytes == null || bytes.dtype() != DType.U8 || bytes.shape().rank() != 1) {
      throw new BundleException(
          "%s: expected a tensor of bytes, U8 with one axis, found %s"
              .formatted(where, bytes == null ? "none" : bytes.dtype() + " " + bytes.shape()));
    }
    String[] parts = text.split(" ", -1);
    if (parts.length != 3
        || !parts[1].matches("[1-9]\\d{0,8}")
        || !parts[2].matches("[1-9]\\d{0,8}")) {
      throw new BundleException(where + ": " + EXPECTED + ", found \"" + text + "\"");
    }
    Packing packing = packing(where, parts[0]);
    Shape shape = Shape.of(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    long expected = packing.byteSize(DType.U8, shape);
    if (bytes.byteSize() != expected) {
      throw new BundleException(
          "%s: expected %d bytes for %s %s, found %d"
              .formatted(where, expected, packing, shape, bytes.byteSize()));
    }
    return new SafetensorsHeader.Entry(DType.U8, packing, shape, bytes.begin(), bytes.end());
  }

  private static Packing packing(String where, String name) {
    List<Packing> known = List.of(Packing.BF16, Packing.INT8, Packing.INT4);
    return known.stream()
        .filter(packing -> packing.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BundleException(
                    "%s: expected a packing of %s, found %s; it was written by a later version: quantise the model again or use that version"
                        .formatted(where, known, name)));
  }
}
