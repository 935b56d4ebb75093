package dev.spectron.cuda;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;

/**
 * Attention of one step of decoding: queries and keys turned, the cache filled and read, in one
 * launch that is the same at every step.
 */
final class StepAttention {
  /** What compute capability 8.6 lets a block have. */
  private static final int MOST_SHARED = 99 << 10;

  private static final int THREADS = 128;

  /** As kHeadGroup in decode_attention.cu. */
  private static final int HEAD_GROUP = 4;

  private final CudaDevice device;
  private final RotaryTables rotary;
  private DeviceBuffer arrived = new DeviceBuffer(0);

  StepAttention(CudaDevice device, RotaryTables rotary) {
    this.device = device;
    this.rotary = rotary;
  }

  /** Whether the kernel does this; what is before a query in the cache is visible to it. */
  boolean fits(Shape queries, AttentionSpec spec, Position position) {
    boolean plain = position instanceof Position.None || position instanceof Position.Rotary;
    boolean open = !(spec.mask() instanceof AttentionMask.Chunked);
    return queries.size(1) == 1 && plain && open && sharedBytes(spec) <= MOST_SHARED;
  }

  /** Keys of a block. */
  private static int chunk(AttentionSpec spec) {
    return spec.headDim() <= 128 ? 128 : 64;
  }

  /** In the order in which decode_attention.cu lays them out. */
  private static int sharedBytes(AttentionSpec spec) {
    int headDim = spec.headDim();
    int group = spec.nHeads() / spec.nKvHeads();
    int heads = Math.ceilDiv(group, HEAD_GROUP) * HEAD_GROUP;
    int floats =
        group * headDim + chunk(spec) * (headDim | 1) + 2 * heads + 3 + heads * chunk(spec);
    return floats * Float.BYTES;
  }

  void apply(
      long q,
      long k,
      long v,
      Shape shape,
      AttentionSpec spec,
      Position position,
      CudaKvCache.CudaLayer layer,
      CudaTensor y) {
    int batch = shape.size(0);
    int frames = layer.frames();
    int chunk = chunk(spec);
    int chunks = Math.ceilDiv(frames, chunk);
    long table = 0;
    int dims = 0;
    if (position instanceof Position.Rotary turns) {
      table = rotary.address(turns, frames);
      dims = turns.dims();
    }
    long counters = counters(batch * spec.nKvHeads());
    long parts = (long) batch * spec.nHeads() * chunks * Float.BYTES;
    DeviceBuffer sums = device.take(parts * spec.headDim());
    DeviceBuffer statistics = device.take(parts * 2);
    device.launch(
        "decode_attention",
        new Grid(chunks, spec.nKvHeads(), batch, THREADS, sharedBytes(spec)),
        device
            .arguments()
            .address(q)
            .address(k)
            .address(v)
            .address(table)
            .address(layer.keys())
            .address(layer.values())
            .address(layer.filled())
            .address(sums.address())
            .address(statistics.address())
            .address(counters)
            .address(y.reserved())
            .structure(
                spec.nHeads(),
                spec.nKvHeads(),
                spec.headDim(),
                dims,
                frames,
                chunk,
                chunks,
                Float.floatToRawIntBits(spec.scale())));
    device.give(sums);
    device.give(statistics);
  }

  /** Counters that are zero, and zero again after every launch. */
  private long counters(int count) {
    long bytes = (long) count * Integer.BYTES;
    if (arrived.bytes() < bytes) {
      if (arrived.bytes() > 0) {
        device.give(arrived);
      }
      arrived = device.upload(MemorySegment.ofArray(new int[Math.max(count, 64)]));
    }
    return arrived.address();
  }
}
