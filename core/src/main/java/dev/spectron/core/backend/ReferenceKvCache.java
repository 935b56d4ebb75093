package dev.spectron.core.backend;

import dev.spectron.core.error.CapacityException;

/** Keys and values of all layers, {@code [batch, capacity, kvChannels]} each. */
final class ReferenceKvCache implements KvCache {
  private final KvCacheSpec spec;
  private final ReferenceLayer[] layers;
  private int position;
  private boolean open = true;

  ReferenceKvCache(KvCacheSpec spec) {
    this.spec = spec;
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
  public int position() {
    return position;
  }

  @Override
  public int capacity() {
    return spec.capacity();
  }

  @Override
  public Layer layer(int index) {
    if (!open) {
      throw new IllegalStateException("reference: the KV cache is closed; open a new one");
    }
    return layers[index];
  }

  @Override
  public void advance(int frames) {
    if (frames > spec.capacity() - position) {
      throw new CapacityException(
          "KV cache: %d frames do not fit after position %d of capacity %d; open a larger cache"
              .formatted(frames, position, spec.capacity()));
    }
    position += frames;
  }

  @Override
  public void close() {
    open = false;
  }

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
      return position;
    }

    /** Copies {@code time} frames of each row behind the positions decoded so far. */
    FrameStore append(double[] newKeys, double[] newValues, int time) {
      if (time > spec.capacity() - position) {
        throw new CapacityException(
            "attention: %d frames do not fit after position %d of KV cache capacity %d; open a larger cache"
                .formatted(time, position, spec.capacity()));
      }
      int length = time * spec.kvChannels();
      for (int row = 0; row < spec.batch(); row++) {
        int to = (row * spec.capacity() + position) * spec.kvChannels();
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
