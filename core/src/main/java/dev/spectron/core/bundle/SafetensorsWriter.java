package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import java.io.IOException;
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

/** Writes safetensors files, whole or not at all, one tensor in memory at a time. */
public final class SafetensorsWriter {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes a file.
   *
   * @param path replaced if it exists; its folder must exist
   * @param metadata free strings about the file
   * @param tensors each with a name of its own; wider types are stored first, which keeps every
   *     tensor aligned
   * @throws BundleException if two tensors have one name, a tensor supplies another number of
   *     values than its shape has, or the file cannot be written
   */
  public static void write(Path path, Map<String, String> metadata, List<StoredTensor> tensors) {
    List<StoredTensor> ordered =
        tensors.stream()
            .sorted(Comparator.comparingInt(tensor -> -tensor.dtype().bytes()))
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
              writeValues(channel, buffer, path, tensor);
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
    fields.put(SafetensorsHeader.METADATA, metadata);
    long begin = 0;
    for (StoredTensor tensor : tensors) {
      long end =
          Math.addExact(
              begin, Math.multiplyExact(tensor.shape().elements(), tensor.dtype().bytes()));
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.dtype().name());
      entry.put("shape", tensor.shape().toArray());
      entry.put("data_offsets", new long[] {begin, end});
      if (fields.put(tensor.name(), entry) != null) {
        throw new BundleException(
            path + ": " + tensor.name() + ": expected one tensor of that name, found two");
      }
      begin = end;
    }
    byte[] json = Json.line(fields).getBytes(StandardCharsets.UTF_8);
    int length = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    byte[] header = new byte[Long.BYTES + length];
    Arrays.fill(header, (byte) ' ');
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json);
    return header;
  }

  private static void writeValues(
      FileChannel channel, ByteBuffer buffer, Path path, StoredTensor tensor) throws IOException {
    float[] values = tensor.values().get();
    if (values.length != tensor.shape().elements()) {
      throw new BundleException(
          "%s: %s: expected %d values for shape %s, found %d"
              .formatted(
                  path, tensor.name(), tensor.shape().elements(), tensor.shape(), values.length));
    }
    buffer.clear();
    for (float value : values) {
      if (buffer.remaining() < Float.BYTES) {
        writeFully(channel, buffer.flip());
        buffer.clear();
      }
      switch (tensor.dtype()) {
        case F32 -> buffer.putFloat(value);
        case BF16 -> buffer.putShort(bfloat16(value));
        default -> buffer.putShort(Float.floatToFloat16(value));
      }
    }
    writeFully(channel, buffer.flip());
  }

  /** The nearest bfloat16, ties to even; NaN stays NaN. */
  static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
