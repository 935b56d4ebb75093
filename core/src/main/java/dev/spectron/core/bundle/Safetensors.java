package dev.spectron.core.bundle;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a safetensors file: eight bytes of header size, a JSON header with type, shape and
 * byte range of each tensor, then their values, little-endian, row-major or in the panels of a
 * {@link dev.spectron.core.packing.Packing}. The file is mapped, not read; a view of a tensor ends
 * with {@link #close()}. The ranges must cover the values exactly, without gap or overlap.
 * Thread-safe.
 */
public final class Safetensors implements AutoCloseable {
  private final String name;
  private final Arena arena;
  private final MemorySegment values;
  private final SafetensorsHeader header;

  private Safetensors(String name, Arena arena, MemorySegment file) {
    this.name = name;
    this.arena = arena;
    this.header = SafetensorsHeader.parse(name, file);
    this.values = file.asSlice(header.byteSize());
  }

  /**
   * Maps a file.
   *
   * @param path messages call it by its name
   * @throws BundleException if it cannot be read or its header is malformed
   */
  public static Safetensors open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new BundleException(path + ": expected a file; name a safetensors file");
    }
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(path)) {
      MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      Safetensors tensors = new Safetensors(path.getFileName().toString(), arena, file);
      opened = true;
      return tensors;
    } catch (NoSuchFileException e) {
      throw new BundleException(path + ": no such file; check the path", e);
    } catch (IOException e) {
      throw new BundleException(path + ": cannot be read (" + e + ")", e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /**
   * Looks into bytes in memory, which must not change from now on.
   *
   * @param name what messages call it
   * @throws BundleException if the header is malformed
   */
  public static Safetensors of(String name, byte[] bytes) {
    return new Safetensors(name, Arena.ofShared(), MemorySegment.ofArray(bytes).asReadOnly());
  }

  /** What messages call this file. */
  public String name() {
    return name;
  }

  /** Names of the tensors, in the order of the header. */
  public Set<String> names() {
    return Collections.unmodifiableSet(header.tensors().keySet());
  }

  /** Free strings about the file, such as the training step. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * One tensor.
   *
   * @param path its name
   * @return a view of the file, valid until {@link #close()}
   * @throws BundleException if there is none
   */
  public WeightData get(String path) {
    SafetensorsHeader.Entry entry = header.tensors().get(path);
    if (entry == null) {
      throw new BundleException(
          "%s: %s: no such tensor among %d; config.json and %s do not fit each other"
              .formatted(name, path, header.tensors().size(), name));
    }
    return new WeightData(
        path,
        entry.dtype(),
        entry.packing(),
        entry.shape(),
        values.asSlice(entry.begin(), entry.byteSize()));
  }

  /**
   * One tensor of a known shape.
   *
   * @throws BundleException if there is none or it has another shape
   */
  public WeightData get(String path, Shape shape) {
    WeightData data = get(path);
    if (!data.shape().equals(shape)) {
      throw new BundleException(
          "%s: %s: expected shape %s, found %s; config.json and %s do not fit each other"
              .formatted(name, path, shape, data.shape(), name));
    }
    return data;
  }

  @Override
  public void close() {
    arena.close();
  }
}
