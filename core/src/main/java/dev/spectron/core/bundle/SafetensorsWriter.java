package dev.spectron.core.bundle;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Bf16Panels;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.packing.PanelFormat;
import dev.spectron.core.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files, whole or not at all, at most one tensor in memory at a time, and none
 * that is copied from a mapped file.
 */
public final class SafetensorsWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Of the values: a packed tensor, which comes first, can then be used where it is mapped. */
  private static final int ALIGNMENT = PanelFormat.LINE_BYTES;

  private SafetensorsWriter() {}

  /**
   * Writes a file.
   *
   * @param path replaced if it exists; its folder must exist
   * @param metadata free strings about the file
   * @param tensors each with a name of its own; packed ones are stored first, then wider types
   *     before narrow ones, which keeps every tensor aligned
   * @throws BundleException if two tensors have one name, a tensor supplies another number of
   *     values than its shape has, or the file cannot be written
   */
  public static void write(Path path, Map<String, String> metadata, List<StoredTensor> tensors) {
    List<StoredTensor> ordered =
        tensors.stream()
            .sorted(
                Comparator.comparingInt(
                    tensor -> tensor.packing() == Packing.ROWS ? -tensor.dtype().bytes() : -64))
            .toList();
    byte[] header = header(path, metadata, ordered);
    try {
      AtomicFile.write(
          path,
          channel -> {
            writeFully(channel, ByteBuffer.wrap(header));
            ByteBuffer buffer =
                ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (StoredTensor tensor : ordered) {
              List<WeightData> parts = parts(path, tensor);
              if (tensor.packing() == Packing.ROWS) {
                for (WeightData part : parts) {
                  writeRows(channel, buffer, tensor.dtype(), part);
                }
              } else {
                writePanels(channel, buffer, tensor, parts);
              }
            }
          });
    } catch (IOException e) {
      throw new BundleException(
          "%s: cannot be written (%s); check the folder, its permissions and the space left"
              .formatted(path, e),
          e);
    }
  }

  private static byte[] header(
      Path path, Map<String, String> metadata, List<StoredTensor> tensors) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(SafetensorsHeader.METADATA, PackedEntry.addTo(metadata, tensors));
    long begin = 0;
    for (StoredTensor tensor : tensors) {
      long bytes = tensor.packing().byteSize(tensor.dtype(), tensor.shape());
      long end = Math.addExact(begin, bytes);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.dtype().name());
      boolean rows = tensor.packing() == Packing.ROWS;
      entry.put("shape", rows ? tensor.shape().toArray() : new long[] {bytes});
      entry.put("data_offsets", new long[] {begin, end});
      if (fields.put(tensor.name(), entry) != null) {
        throw new BundleException(
            path + ": " + tensor.name() + ": expected one tensor of that name, found two");
      }
      begin = end;
    }
    byte[] json = Json.line(fields).getBytes(StandardCharsets.UTF_8);
    int length = Math.ceilDiv(Long.BYTES + json.length, ALIGNMENT) * ALIGNMENT - Long.BYTES;
    byte[] header = new byte[Long.BYTES + length];
    Arrays.fill(header, (byte) ' ');
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json);
    return header;
  }

  private static List<WeightData> parts(Path path, StoredTensor tensor) {
    List<WeightData> parts = tensor.parts().get();
    long found = parts.stream().mapToLong(part -> part.shape().elements()).sum();
    if (found != tensor.shape().elements()) {
      throw new BundleException(
          "%s: %s: expected %d values for shape %s, found %d"
              .formatted(path, tensor.name(), tensor.shape().elements(), tensor.shape(), found));
    }
    return parts;
  }

  private static void writePanels(
      FileChannel channel, ByteBuffer buffer, StoredTensor tensor, List<WeightData> parts)
      throws IOException {
    if (parts.size() == 1 && parts.getFirst().packing() == tensor.packing()) {
      writeBytes(channel, buffer, parts.getFirst().data());
      return;
    }
    float[] values = new float[tensor.shape().arrayLength()];
    int at = 0;
    for (WeightData part : parts) {
      float[] some = part.toFloats();
      System.arraycopy(some, 0, values, at, some.length);
      at += some.length;
    }
    WeightData rows = WeightData.of(tensor.name(), tensor.shape(), values);
    writeBytes(channel, buffer, WeightData.packed(rows, tensor.packing()).data());
  }

  private static void writeRows(
      FileChannel channel, ByteBuffer buffer, DType dtype, WeightData part) throws IOException {
    if (part.dtype() == dtype && part.packing() == Packing.ROWS) {
      writeBytes(channel, buffer, part.data());
      return;
    }
    buffer.clear();
    for (long i = 0; i < part.shape().elements(); i++) {
      if (buffer.remaining() < Float.BYTES) {
        writeFully(channel, buffer.flip());
        buffer.clear();
      }
      float value = part.get(i);
      switch (dtype) {
        case F32 -> buffer.putFloat(value);
        case BF16 -> buffer.putShort(Bf16Panels.bits(value));
        default -> buffer.putShort(Float.floatToFloat16(value));
      }
    }
    writeFully(channel, buffer.flip());
  }

  private static void writeBytes(FileChannel channel, ByteBuffer buffer, MemorySegment bytes)
      throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += BUFFER_BYTES) {
      long size = Math.min(BUFFER_BYTES, bytes.byteSize() - at);
      buffer.clear().limit((int) size);
      MemorySegment.ofBuffer(buffer).copyFrom(bytes.asSlice(at, size));
      writeFully(channel, buffer);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
