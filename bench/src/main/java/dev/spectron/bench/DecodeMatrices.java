package dev.spectron.bench;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.packing.PanelFormat;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The matrices of one decoding step and nothing else: four of the attention and three of the gated
 * feed-forward for each layer, cold, since together they are larger than any cache.
 */
public final class DecodeMatrices {
  /** Rows of the gate over those of the state. */
  public static final int GATED = 4;

  private final Backend backend;
  private final Packing packing;
  private final Arena arena;
  private final int width;
  private final float[] state;
  private final List<Layer> layers = new ArrayList<>();
  private long bytes;

  private record Layer(List<Weight> attention, Weight gate, Weight up, Weight down) {}

  /**
   * Packs all matrices.
   *
   * @param width of the state
   * @param arena holds them
   */
  public DecodeMatrices(Backend backend, Packing packing, int width, int nLayers, Arena arena) {
    this.backend = backend;
    this.packing = packing;
    this.arena = arena;
    this.width = width;
    this.state = normal(width, 1);
    int inner = GATED * width;
    for (int i = 0; i < nLayers; i++) {
      List<Weight> attention = new ArrayList<>();
      for (int j = 0; j < 4; j++) {
        attention.add(weight(width, width));
      }
      layers.add(
          new Layer(attention, weight(inner, width), weight(inner, width), weight(width, inner)));
    }
  }

  /** Layers of a decoder of this width: 16 of the 1B's 2048, 21 of the 350M's 1024. */
  public static int layers(int width) {
    return width == 2048 ? 16 : 21;
  }

  /** Sixteen random rows, again and again. */
  private Weight weight(int rows, int depth) {
    float[] drawn = normal(PanelFormat.WIDTH * depth, 1 / Math.sqrt(depth));
    Shape panelShape = Shape.of(PanelFormat.WIDTH, depth);
    MemorySegment panel = WeightData.packed(WeightData.of("w", panelShape, drawn), packing).data();
    Shape shape = Shape.of(rows, depth);
    long size = packing.byteSize(DType.U8, shape);
    MemorySegment all = arena.allocate(size, PanelFormat.LINE_BYTES);
    for (long at = 0; at < size; at += panel.byteSize()) {
      MemorySegment.copy(panel, 0, all, at, panel.byteSize());
    }
    bytes += size;
    return backend.weight(new WeightData("w", DType.U8, packing, shape, all));
  }

  private static float[] normal(int size, double deviation) {
    SplittableRandom random = new SplittableRandom(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** Bytes of all matrices. */
  public long bytes() {
    return bytes;
  }

  /** All products of a step. */
  public float step() {
    float sum = 0;
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(state, Shape.of(1, 1, width));
      for (Layer layer : layers) {
        try (Scope _ = backend.openScope()) {
          for (Weight weight : layer.attention) {
            backend.linear(x, weight, Weight.none());
          }
          Tensor y = backend.gatedFeedForward(x, layer.gate, layer.up, Activation.SILU, layer.down);
          sum += backend.download(y)[0];
        }
      }
    }
    return sum;
  }
}
