package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a safetensors file says that a weight is packed: the tensor is bytes, and the metadata has
 * {@code "packing:<name>": "INT8 1024 2048"}, packing, rows and depth, or for a convolution
 * packing, rows, channels and taps. To other readers the file is valid and the tensor is bytes.
 */
final class PackedEntry {
  private static final String KEY = "packing:";
  private static final String EXPECTED =
      "expected packing, rows and depth as in \"INT8 1024 2048\", or rows, channels and taps";
  private static final Pattern FORM = Pattern.compile("(\\w+)((?: [1-9]\\d{0,8}){2,3})");

  private PackedEntry() {}

  /** The metadata with an entry for each packed tensor. */
  static Map<String, String> addTo(Map<String, String> metadata, List<StoredTensor> tensors) {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    for (StoredTensor tensor : tensors) {
      if (tensor.packing() != Packing.ROWS) {
        String sizes =
            IntStream.range(0, tensor.shape().rank())
                .mapToObj(axis -> " " + tensor.shape().size(axis))
                .collect(Collectors.joining());
        all.put(KEY + tensor.name(), tensor.packing() + sizes);
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
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new BundleException(where + ": " + EXPECTED + ", found \"" + text + "\"");
    }
    Packing packing = packing(where, parts.group(1));
    Shape shape = shape(where, parts.group(2).strip());
    long expected = packing.byteSize(DType.U8, shape);
    if (bytes.byteSize() != expected) {
      throw new BundleException(
          "%s: expected %d bytes for %s %s, found %d"
              .formatted(where, expected, packing, shape, bytes.byteSize()));
    }
    return new SafetensorsHeader.Entry(DType.U8, packing, shape, bytes.begin(), bytes.end());
  }

  private static Shape shape(String where, String text) {
    int[] sizes = Stream.of(text.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    if ((long) sizes[1] * sizes[sizes.length - 1] > Integer.MAX_VALUE && sizes.length == 3) {
      throw new BundleException(where + ": " + EXPECTED + ", found \"" + text + "\"");
    }
    return Shape.of(sizes);
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
