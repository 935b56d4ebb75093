package dev.spectron.importers;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a GGUF file, version 2 or 3, checked in full: counts, sizes and places are believed
 * only within the file. Long lists, such as the vocabulary, are passed over.
 *
 * @param metadata values by key
 * @param tensors places by name
 */
record GgufHeader(Map<String, Object> metadata, Map<String, Entry> tensors) {
  private static final int MAGIC = 0x46554747;
  private static final int MAX_KEYS = 10_000;
  private static final int MAX_TENSORS = 100_000;
  private static final int MAX_AXES = 4;
  private static final int MAX_ALIGNMENT = 1 << 16;

  /**
   * Where a tensor lies.
   *
   * @param shape outermost first
   * @param begin first byte in the file
   */
  record Entry(GgufType type, Shape shape, long begin, long byteSize) {}

  static GgufHeader parse(String name, MemorySegment file) {
    GgufReader in = new GgufReader(name, file);
    int magic = in.int32("magic");
    if (magic != MAGIC) {
      throw in.wrong(0, "a GGUF file, which begins with GGUF", "0x%08x".formatted(magic));
    }
    int version = in.int32("version");
    if (version != 2 && version != 3) {
      throw in.wrong(4, "version 2 or 3", version);
    }
    long nTensors = in.count("tensor count", MAX_TENSORS);
    long nKeys = in.count("key count", MAX_KEYS);
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (long i = 0; i < nKeys; i++) {
      long at = in.position();
      String key = in.text("key");
      Object value = in.value();
      if (metadata.put(key, value) != null) {
        throw in.wrong(at, "each key once", key + " again");
      }
    }
    int alignment = 32;
    if (metadata.get("general.alignment") instanceof Integer given) {
      alignment = given;
    }
    if (alignment < 1 || alignment > MAX_ALIGNMENT) {
      throw new BundleException(
          "%s: general.alignment: expected 1 to %d, found %d"
              .formatted(name, MAX_ALIGNMENT, alignment));
    }
    return new GgufHeader(
        Collections.unmodifiableMap(metadata),
        Collections.unmodifiableMap(tensors(in, file.byteSize(), nTensors, alignment)));
  }

  private static Map<String, Entry> tensors(
      GgufReader in, long fileSize, long count, int alignment) {
    Map<String, Entry> relative = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      long at = in.position();
      String tensor = in.text("tensor name");
      if (relative.put(tensor, entry(in, tensor)) != null) {
        throw in.wrong(at, "each tensor once", tensor + " again");
      }
    }
    long start = Math.ceilDiv(in.position(), (long) alignment) * alignment;
    Map<String, Entry> tensors = new LinkedHashMap<>();
    relative.forEach(
        (tensor, e) -> {
          if (e.begin < 0 || e.begin % alignment != 0 || e.begin > fileSize - start - e.byteSize) {
            throw in.wrongTensor(
                tensor,
                "%d bytes at a multiple of %d within %d"
                    .formatted(e.byteSize, alignment, Math.max(0, fileSize - start)),
                "an offset of " + e.begin);
          }
          tensors.put(tensor, new Entry(e.type, e.shape, start + e.begin, e.byteSize));
        });
    requireApart(in, tensors);
    return tensors;
  }

  private static Entry entry(GgufReader in, String tensor) {
    int axes = in.int32("axes");
    if (axes < 1 || axes > MAX_AXES) {
      throw in.wrongTensor(tensor, "1 to " + MAX_AXES + " axes", axes);
    }
    int[] sizes = new int[axes];
    for (int i = axes - 1; i >= 0; i--) {
      sizes[i] = Math.toIntExact(Math.max(0, in.count("size", Integer.MAX_VALUE)));
    }
    if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw in.wrongTensor(tensor, "sizes from 1", Arrays.toString(sizes));
    }
    int code = in.int32("type");
    GgufType type =
        Arrays.stream(GgufType.values())
            .filter(known -> known.code() == code)
            .findFirst()
            .orElseThrow(
                () ->
                    in.wrongTensor(
                        tensor,
                        "a type of " + List.of(GgufType.values()) + "; take a file of these",
                        "type " + code));
    long elements = 1;
    for (int size : sizes) {
      if (elements > Long.MAX_VALUE / 8 / size) {
        throw in.wrongTensor(tensor, "a byte count within 2^60", Arrays.toString(sizes));
      }
      elements *= size;
    }
    if (sizes[axes - 1] % type.block() != 0) {
      throw in.wrongTensor(
          tensor, "rows of a multiple of " + type.block() + " numbers", Arrays.toString(sizes));
    }
    long offset = in.int64("offset");
    return new Entry(type, Shape.of(sizes), offset, elements / type.block() * type.blockBytes());
  }

  private static void requireApart(GgufReader in, Map<String, Entry> tensors) {
    List<Map.Entry<String, Entry>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(Comparator.comparingLong(tensor -> tensor.getValue().begin));
    long covered = 0;
    for (Map.Entry<String, Entry> tensor : sorted) {
      if (tensor.getValue().begin < covered) {
        throw in.wrongTensor(
            tensor.getKey(), "values of its own", "values that overlap another tensor's");
      }
      covered = tensor.getValue().begin + tensor.getValue().byteSize;
    }
  }
}
