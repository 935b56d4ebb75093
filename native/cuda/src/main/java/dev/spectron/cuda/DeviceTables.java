package dev.spectron.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Small arrays that kernels read, such as lengths: kept on the device, since the same ones come
 * again and again. The one not used for longest gives way.
 */
final class DeviceTables {
  private static final int MOST = 256;

  private final CudaDevice device;
  private final LinkedHashMap<Object, DeviceBuffer> tables = new LinkedHashMap<>(16, 0.75f, true);

  DeviceTables(CudaDevice device) {
    this.device = device;
  }

  /** The address of these numbers on the device, valid for the launch that follows. */
  long integers(int... values) {
    return table(Arrays.toString(values), () -> MemorySegment.ofArray(values));
  }

  /**
   * The address of a table of floats.
   *
   * @param key equal for equal tables
   */
  long floats(Object key, Values values) {
    return table(key, () -> MemorySegment.ofArray(values.make()));
  }

  private long table(Object key, Bytes bytes) {
    DeviceBuffer known = tables.get(key);
    if (known == null) {
      known = device.upload(bytes.make());
      tables.put(key, known);
      evict();
    }
    return known.address();
  }

  private void evict() {
    if (tables.size() > MOST) {
      Map.Entry<Object, DeviceBuffer> eldest = tables.firstEntry();
      tables.remove(eldest.getKey());
      device.give(eldest.getValue());
    }
  }

  /** Makes the numbers of a table. */
  @FunctionalInterface
  interface Values {
    /** The numbers. */
    float[] make();
  }

  @FunctionalInterface
  private interface Bytes {
    MemorySegment make();
  }
}
