package dev.spectron.core.layer;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * Freshly initialised parameters. Each depends on the seed and its own path only, so the order of
 * loading does not matter. The noise is uniform with the deviation asked for: a model needs the
 * spread, not the bell, and a billion draws should take seconds.
 *
 * @param seed equal seeds give equal parameters
 */
public record RandomWeights(long seed) implements WeightSource {
  @Override
  public WeightData read(String path, Shape shape, Init init) {
    float[] values = new float[shape.arrayLength()];
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + hash(path));
    float width = (float) (init.deviation() * Math.sqrt(12) / (1 << 24));
    for (int i = 0; i < values.length; i++) {
      float noise = init.deviation() == 0 ? 0 : ((random.nextInt() >>> 8) - (1 << 23)) * width;
      values[i] = init.value() + noise;
    }
    return WeightData.of(path, shape, values);
  }

  private static long hash(String path) {
    CRC32 crc = new CRC32();
    crc.update(path.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
