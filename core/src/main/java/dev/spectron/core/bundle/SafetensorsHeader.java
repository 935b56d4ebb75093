package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.ShapeException;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked in full.
 *
 * @param byteSize where the values start
 * @param metadata free strings
 * @param tensors place of each tensor by name, in the order of the file
 */
record SafetensorsHeader(long byteSize, Map<String, String> metadata, Map<String, Entry> tensors) {
  static final int MAX_BYTES = 100_000_000;
  static final int MAX_TENSORS = 100_000;
  static final String METADATA = "__metadata__";
  static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int MAX_RANK = 16;

  /**
   * Where a tensor lies.
   *
   * @param begin first byte, counted from where the values start
   * @param end byte behind the last
   */
  record Entry(DType dtype, Packing packing, Shape shape, long begin, long end) {
    long byteSize() {
      return end - begin;
    }
  }

  static SafetensorsHeader parse(String name, MemorySegment file) {
    if (file.byteSize() < Long.BYTES + 2) {
      throw new BundleException(
          "%s: expected a safetensors file of 10 bytes or more, found %d bytes"
              .formatted(name, file.byteSize()));
    }
    long length = file.get(LENGTH, 0);
    long largest = Math.min(MAX_BYTES, file.byteSize() - Long.BYTES);
    if (length < 2 || length > largest) {
      throw new BundleException(
          "%s: byte 0: expected a header size of 2 to %d, found %s; the file is cut off or no safetensors file"
              .formatted(name, largest, Long.toUnsignedString(length)));
    }
    byte[] bytes = file.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    if (bytes[0] != '{') {
      throw new BundleException(
          "%s: byte 8: expected a header that starts with '{', found byte %d"
              .formatted(name, bytes[0] & 0xFF));
    }
    long byteSize = Long.BYTES + length;
    Map<String, Json.Part> parts = Json.parts(name, Json.utf8(name, bytes));
    Map<String, String> metadata =
        parts.containsKey(METADATA) ? metadata(name, parts.remove(METADATA)) : Map.of();
    if (parts.size() > MAX_TENSORS) {
      throw new BundleException(
          "%s: expected at most %d tensors, found %d".formatted(name, MAX_TENSORS, parts.size()));
    }
    Map<String, Entry> tensors = new LinkedHashMap<>();
    parts.forEach((path, part) -> tensors.put(path, entry(name + ": " + path, part)));
    requireCovered(name, tensors, file.byteSize() - byteSize);
    PackedEntry.parse(name, metadata, tensors);
    return new SafetensorsHeader(byteSize, metadata, Collections.unmodifiableMap(tensors));
  }

  private static Map<String, String> metadata(String name, Json.Part part) {
    Map<String, String> metadata = new LinkedHashMap<>();
    part.asMap()
        .forEach(
            (key, value) -> {
              if (!(value instanceof String text)) {
                throw new BundleException(
                    "%s: %s.%s: expected a string, found %s".formatted(name, METADATA, key, value));
              }
              metadata.put(key, text);
            });
    return Collections.unmodifiableMap(metadata);
  }

  private static Entry entry(String where, Json.Part part) {
    Fields fields = part.as(Fields.class);
    DType dtype = dtype(where, fields.dtype);
    Shape shape = shape(where, fields.shape);
    if (fields.dataOffsets.size() != 2) {
      throw new BundleException(
          where + ": expected two data_offsets, found " + fields.dataOffsets.size());
    }
    long begin = fields.dataOffsets.get(0);
    long end = fields.dataOffsets.get(1);
    if (begin < 0 || end < begin) {
      throw new BundleException(
          where + ": expected data_offsets that ascend from 0, found " + fields.dataOffsets);
    }
    long expected;
    try {
      expected = Math.multiplyExact(shape.elements(), dtype.bytes());
    } catch (ArithmeticException e) {
      throw new BundleException(where + ": shape " + shape + ": the byte count overflows", e);
    }
    if (end - begin != expected) {
      throw new BundleException(
          "%s: expected %d bytes for %s %s, found %d"
              .formatted(where, expected, dtype, shape, end - begin));
    }
    return new Entry(dtype, Packing.ROWS, shape, begin, end);
  }

  private static DType dtype(String where, String name) {
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    throw new BundleException(
        "%s: expected a dtype of %s, found %s; convert the tensor"
            .formatted(where, List.of(DType.values()), name));
  }

  private static Shape shape(String where, List<Long> sizes) {
    if (sizes.size() > MAX_RANK) {
      throw new BundleException(
          where + ": expected at most " + MAX_RANK + " axes, found " + sizes.size());
    }
    int[] ints = new int[sizes.size()];
    for (int i = 0; i < ints.length; i++) {
      long size = sizes.get(i);
      if (size < 1 || size > Integer.MAX_VALUE) {
        throw new BundleException(
            where + ": expected sizes of 1 to " + Integer.MAX_VALUE + ", found " + sizes);
      }
      ints[i] = (int) size;
    }
    try {
      return Shape.of(ints);
    } catch (ShapeException e) {
      throw new BundleException(where + ": " + e.getMessage(), e);
    }
  }

  private static void requireCovered(String name, Map<String, Entry> tensors, long available) {
    List<Map.Entry<String, Entry>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(Comparator.comparingLong(tensor -> tensor.getValue().begin));
    long covered = 0;
    for (Map.Entry<String, Entry> tensor : sorted) {
      Entry entry = tensor.getValue();
      if (entry.begin != covered) {
        throw new BundleException(
            "%s: %s: expected values that begin at %d, found %d; tensors %s"
                .formatted(
                    name,
                    tensor.getKey(),
                    covered,
                    entry.begin,
                    entry.begin < covered ? "overlap" : "leave a gap"));
      }
      if (entry.end > available) {
        throw new BundleException(
            "%s: %s: expected values within %d bytes, found an end at %d; the file is cut off"
                .formatted(name, tensor.getKey(), available, entry.end));
      }
      covered = entry.end;
    }
    if (covered != available) {
      throw new BundleException(
          "%s: expected %d bytes of values, found %d; bytes belong to no tensor"
              .formatted(name, covered, available));
    }
  }

  private record Fields(String dtype, List<Long> shape, List<Long> dataOffsets) {}
}
