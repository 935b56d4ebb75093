package dev.spectron.core.backend;

import dev.spectron.core.error.CapacityException;

/** Keys and values of all layers, {@code [batch, capacity, kvChannels]} each. */
final class ReferenceKvCache extends PositionedKvCache {
  private final ReferenceLayer[] layers;

  ReferenceKvCache(KvCacheSpec spec) {
    super(ReferenceBackendProvider.NAME, spec);
    int size = sizeOfOne(spec);
    this.layers = new ReferenceLayer[spec.nLayers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new ReferenceLayer(new double[size], new double[size]);
    }
  }

  private static int sizeOfOne(KvCacheSpec spec) {
    try {
      int size =
          Math.multiplyExact(Math.multiplyExact(spec.batch(), spec.capacity()), spec.kvChannels());
      long bytes = Math.multiplyExact(2L * Double.BYTES * spec.nLayers(), size);
      if (bytes <= Runtime.getRuntime().maxMemory()) {
        return size;
      }
    } catch (ArithmeticException e) {
      throw new CapacityException(tooLarge(spec), e);
    }
    throw new CapacityException(tooLarge(spec));
  }

  private static String tooLarge(KvCacheSpec spec) {
    return "reference: "
        + spec
        + ": does not fit the heap of "
        + Runtime.getRuntime().maxMemory()
        + " bytes; lower the capacity or raise -Xmx";
  }

  /** One layer's part as this back end's own kind. */
  static ReferenceLayer own(Layer layer) {
    if (layer instanceof ReferenceLayer own) {
      return own;
    }
    throw new IllegalArgumentException(
        "reference: the KV cache was made by another back end; make it with kvCache of this one");
  }

  @Override
  public Layer layer(int index) {
    requireOpen();
    return layers[index];
  }

  /** The garbage collector has them. */
  @Override
  protected void free() {}

  /** One layer's part. */
  final class ReferenceLayer implements Layer {
    private final double[] keys;
    private final double[] values;

    private ReferenceLayer(double[] keys, double[] values) {
      this.keys = keys;
      this.values = values;
    }

    @Override
    public int position() {
      return ReferenceKvCache.this.position();
    }

    /** Copies {@code time} frames of each row behind the positions decoded so far. */
    FrameStore append(double[] newKeys, double[] newValues, int time) {
      requireRoom(time);
      KvCacheSpec spec = spec();
      int length = time * spec.kvChannels();
      for (int row = 0; row < spec.batch(); row++) {
        int to = (row * spec.capacity() + position()) * spec.kvChannels();
        System.arraycopy(newKeys, row * length, keys, to, length);
        System.arraycopy(newValues, row * length, values, to, length);
      }
      return new FrameStore(keys, values, spec.capacity());
    }
  }

  /**
   * Keys and values that attention reads, {@code [batch, frames, kvChannels]}.
   *
   * @param keys keys, rotated where the position is rotary
   * @param values values
   * @param frames frames from one row to the next
   */
  @SuppressWarnings("ArrayRecordComponent")
  record FrameStore(double[] keys, double[] values, int frames) {}
}
