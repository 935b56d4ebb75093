package dev.spectron.cpu;

import com.sun.management.OperatingSystemMXBean;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.PositionedKvCache;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.ShapeException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Keys and values in the form that attention multiplies with. Memory grows with the positions in
 * use, so that a short answer does not pay for a large capacity.
 */
final class CpuKvCache extends PositionedKvCache {
  private final boolean bf16;
  private final Arena arena = Arena.ofShared();
  private final CpuLayer[] layers;

  /**
   * An empty cache.
   *
   * @param bf16 whether keys and values are rounded to bf16
   */
  CpuKvCache(KvCacheSpec spec, boolean bf16) {
    super("backend cpu", spec);
    requireMemory(spec, bf16 ? Short.BYTES : Float.BYTES);
    this.bf16 = bf16;
    this.layers = new CpuLayer[spec.nLayers()];
    Arrays.setAll(layers, _ -> new CpuLayer());
  }

  private static void requireMemory(KvCacheSpec spec, int elementBytes) {
    long memory =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    double bytes =
        2.0 * elementBytes * spec.nLayers() * spec.batch() * spec.capacity() * spec.kvChannels();
    if (bytes > memory) {
      throw new CapacityException(
          "backend cpu: %s: needs %.0f bytes, found %d bytes of memory; lower the capacity"
              .formatted(spec, bytes, memory));
    }
  }

  @Override
  public Layer layer(int index) {
    requireOpen();
    return layers[index];
  }

  @Override
  protected void free() {
    arena.close();
  }

  /** One layer's part; its memory is laid out at the first use, which tells the heads apart. */
  final class CpuLayer implements Layer {
    private KeyValues.HeadSizes sizes = new KeyValues.HeadSizes(0, 0);
    private KeyValues[] rows = {};

    private CpuLayer() {}

    /** The layer as this back end's own kind. */
    static CpuLayer of(Layer layer) {
      if (layer instanceof CpuLayer own) {
        return own;
      }
      throw new IllegalArgumentException(
          "backend cpu: the KV cache was made by another back end; use Backend.kvCache of this one");
    }

    @Override
    public int position() {
      return CpuKvCache.this.position();
    }

    /**
     * Room for {@code time} more positions of one batch row.
     *
     * @throws CapacityException if there is none
     */
    KeyValues reserve(int row, KeyValues.HeadSizes wanted, int time) {
      requireRoom(time);
      layOut(wanted);
      try {
        rows[row].reserve(position() + time);
      } catch (OutOfMemoryError e) {
        throw new CapacityException(
            "attention: no memory for position %d of %s; lower the capacity"
                .formatted(position() + time, spec()),
            e);
      }
      return rows[row];
    }

    private void layOut(KeyValues.HeadSizes wanted) {
      if (sizes.equals(wanted)) {
        return;
      }
      if (rows.length > 0 || wanted.nHeads() * wanted.headDim() != spec().kvChannels()) {
        throw new ShapeException(
            "attention: KV cache of %d channels, laid out as %s, was given %s"
                .formatted(spec().kvChannels(), sizes, wanted));
      }
      sizes = wanted;
      rows = new KeyValues[spec().batch()];
      Arrays.setAll(rows, _ -> KeyValues.of(arena, sizes, bf16));
    }
  }
}
