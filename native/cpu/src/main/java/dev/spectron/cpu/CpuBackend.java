package dev.spectron.cpu;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.Conv2dSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Scopes;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/**
 * The operations on the processor's vector units. Activations are recycled arrays on the heap,
 * weights are packed off it; every operation is shared out among the team where it is worth it. It
 * trusts its operands: {@code CheckedBackend} checks shapes.
 */
final class CpuBackend implements Backend {
  /** The share of the heap that dead activations may hold for reuse. */
  private static final int HEAP_SHARE = 8;

  /** Elements that stay in the first-level cache until their activation. */
  private static final int MODULATED = 2048;

  private final Arena arena = Arena.ofShared();
  private final CpuOptions options;
  private final NativeProducts.Loaded natives;
  private final CpuTeam team;
  private final Machine machine;
  private final boolean isBeside;
  private final Scopes<float[], CpuTensor> scopes;
  private final PanelPacker packer;
  private final DenseKernel dense;
  private final Conv1dKernel conv1d;
  private final Conv2dKernel conv2d;
  private final AttentionKernel attention;
  private final SpectrogramKernel spectrogram;
  private final Constants ones = new Constants(1);
  private final Constants zeros = new Constants(0);

  CpuBackend(int vectorBits, CpuOptions options) {
    this(
        options,
        options.nativeCode()
            ? NativeProducts.load(vectorBits)
            : NativeProducts.Loaded.none("no native code asked for"),
        new CpuTeam(options.threads()),
        options.scalarStart()
            ? ScalarProducts.atFirst(VectorWidth.of(vectorBits))
            : ScalarProducts.until(VectorWidth.of(vectorBits), Readiness.complete()),
        VectorWidth.of(vectorBits),
        false);
  }

  private CpuBackend(
      CpuOptions options,
      NativeProducts.Loaded natives,
      CpuTeam team,
      ScalarProducts scalars,
      VectorWidth width,
      boolean isBeside) {
    long poolCapacity = Runtime.getRuntime().maxMemory() / HEAP_SHARE / Float.BYTES;
    BufferPool pool = new BufferPool(poolCapacity, options.poison());
    this.options = options;
    this.natives = natives;
    this.team = team;
    this.isBeside = isBeside;
    this.machine = Machine.of(width, scalars, team, pool, natives, arena);
    this.scopes = new Scopes<>("backend cpu", pool, CpuTensor::new, CpuTensor::of);
    this.packer = new PanelPacker(new WeightMemory(arena), team, options.hugePages());
    this.dense = new DenseKernel(machine);
    this.conv1d = new Conv1dKernel(machine, dense);
    this.conv2d = new Conv2dKernel(machine, dense);
    this.attention = new AttentionKernel(machine, dense, arena);
    this.spectrogram = new SpectrogramKernel(team);
  }

  @Override
  public String name() {
    return CpuBackendProvider.NAME;
  }

  @Override
  public List<Backend> beside() {
    if (team.threads() == 1) {
      return List.of();
    }
    return List.of(
        new CpuBackend(options, natives, team.beside(), machine.scalars(), machine.width(), true));
  }

  @Override
  public Scope openScope() {
    return scopes.openScope();
  }

  /** Tensors alive in all open scopes. */
  int liveTensors() {
    return scopes.liveTensors();
  }

  /** Arrays made for tensors so far, recycled ones not counted. */
  int arraysMade() {
    return machine.pool().made();
  }

  /** Elements of the scratch memory of all threads. */
  long workspaceElements() {
    return Arrays.stream(machine.workspaces()).mapToLong(Workspace::elements).sum();
  }

  @Override
  public Weight weight(WeightData data) {
    return new CpuWeight(data, packer);
  }

  @Override
  public KvCache kvCache(KvCacheSpec spec) {
    return new CpuKvCache(spec, options.bf16Cache());
  }

  @Override
  public Tensor upload(float[] values, Shape shape) {
    CpuTensor x = scopes.tensor(shape);
    System.arraycopy(values, 0, x.data(), 0, shape.arrayLength());
    return x;
  }

  @Override
  public float[] download(Tensor x) {
    return Arrays.copyOf(data(x), x.shape().arrayLength());
  }

  @Override
  public Tensor linear(Tensor x, Weight weight, Weight bias) {
    return linear(x, weight, bias, DenseKernel.Epilogue.NONE);
  }

  private CpuTensor linear(Tensor x, Weight weight, Weight bias, DenseKernel.Epilogue epilogue) {
    Matrix matrix = CpuWeight.of(weight).matrix();
    CpuTensor y = scopes.tensor(x.shape().with(-1, matrix.columns()));
    float[] b = CpuWeight.vector(bias);
    dense.apply(rows(x), Taps.one(matrix.depth()), matrix, b, epilogue, rows(y));
    return y;
  }

  @Override
  public Tensor embed(Tokens tokens, Weight table) {
    Matrix rows = CpuWeight.of(table).matrix();
    int channels = rows.depth();
    CpuTensor y = scopes.tensor(Shape.of(tokens.batch(), tokens.time(), channels));
    int[] ids = tokens.toArray();
    for (int i = 0; i < ids.length; i++) {
      rows.copyColumn(ids[i], y.data(), i * channels);
    }
    return y;
  }

  @Override
  public Tensor conv1d(Tensor x, Weight weight, Weight bias, Conv1dSpec spec, Lengths lengths) {
    Shape shape = x.shape();
    CpuTensor y =
        scopes.tensor(
            Shape.of(shape.size(0), spec.outputTime(shape.size(1)), weight.shape().size(0)));
    float[] b = CpuWeight.vector(bias);
    conv1d.apply(data(x), shape, CpuWeight.of(weight), b, spec, lengths, y.data());
    return y;
  }

  @Override
  public Tensor convTranspose1d(
      Tensor x, Weight weight, Weight bias, int stride, int padding, Lengths lengths) {
    ConvTransposeKernel kernel = new ConvTransposeKernel(machine, dense, stride, padding);
    Shape shape = x.shape();
    int outputTime = kernel.outputTime(shape.size(1), weight.shape().size(2));
    CpuTensor y = scopes.tensor(Shape.of(shape.size(0), outputTime, weight.shape().size(1)));
    float[] b = CpuWeight.vector(bias);
    kernel.apply(data(x), shape, CpuWeight.of(weight), b, lengths, y.data());
    return y;
  }

  @Override
  public Tensor conv2d(Tensor x, Weight weight, Weight bias, Conv2dSpec spec, Lengths lengths) {
    Shape shape = x.shape();
    CpuTensor y =
        scopes.tensor(
            Shape.of(
                shape.size(0),
                spec.outputTime(shape.size(1)),
                spec.outputFrequency(shape.size(2)),
                weight.shape().size(0)));
    float[] b = CpuWeight.vector(bias);
    conv2d.apply(data(x), shape, CpuWeight.of(weight), b, spec, lengths, y.data());
    return y;
  }

  @Override
  public Tensor layerNorm(Tensor x, Weight gain, Weight bias, float epsilon) {
    int channels = x.shape().size(-1);
    float[] g = ones.unless(gain, channels);
    float[] b = zeros.unless(bias, channels);
    return eachRow(
        x,
        (from, to, at) ->
            NormKernel.layerNorm(machine.width(), from, at, channels, g, b, epsilon, to));
  }

  @Override
  public Tensor rmsNorm(Tensor x, Weight gain, float epsilon) {
    int channels = x.shape().size(-1);
    float[] g = ones.unless(gain, channels);
    return eachRow(
        x,
        (from, to, at) -> NormKernel.rmsNorm(machine.width(), from, at, channels, g, epsilon, to));
  }

  @Override
  public Tensor batchNorm(
      Tensor x, Weight mean, Weight variance, Weight gain, Weight bias, float epsilon) {
    float[] g = CpuWeight.vector(gain);
    float[] b = CpuWeight.vector(bias);
    float[] m = CpuWeight.vector(mean);
    float[] v = CpuWeight.vector(variance);
    float[] factor = new float[g.length];
    for (int c = 0; c < g.length; c++) {
      factor[c] = (float) (g[c] / Math.sqrt((double) v[c] + epsilon));
    }
    return eachRow(
        x,
        (from, to, at) -> {
          for (int c = 0; c < factor.length; c++) {
            to[at + c] = (from[at + c] - m[c]) * factor[c] + b[c];
          }
        });
  }

  @FunctionalInterface
  private interface RowKernel {
    void apply(float[] x, float[] y, int at);
  }

  private Tensor eachRow(Tensor x, RowKernel kernel) {
    Rows from = rows(x);
    CpuTensor y = scopes.tensor(x.shape());
    team.split(
        from.count(),
        from.stride(),
        (first, end, _) -> {
          for (int row = first; row < end; row++) {
            kernel.apply(from.data(), y.data(), from.at(row));
          }
        });
    return y;
  }

  @Override
  public Tensor attention(
      Tensor q,
      Tensor k,
      Tensor v,
      AttentionSpec spec,
      Position position,
      Lengths lengths,
      KvCache.Layer cache) {
    CpuTensor y = scopes.tensor(q.shape());
    attention.apply(data(q), data(k), data(v), q.shape(), spec, position, lengths, cache, y.data());
    return y;
  }

  @Override
  public Tensor add(Tensor x, Tensor y, float scale) {
    float[] a = data(x);
    float[] b = data(y);
    return eachElement(
        x.shape(),
        1,
        (sum, first, end) -> {
          for (int i = first; i < end; i++) {
            sum[i] = a[i] + scale * b[i];
          }
        });
  }

  @Override
  public Tensor multiply(Tensor x, Tensor y) {
    float[] a = data(x);
    float[] b = data(y);
    return eachElement(
        x.shape(),
        1,
        (product, first, end) -> {
          for (int i = first; i < end; i++) {
            product[i] = a[i] * b[i];
          }
        });
  }

  @Override
  public Tensor scale(Tensor x, float factor) {
    float[] a = data(x);
    return eachElement(
        x.shape(),
        1,
        (product, first, end) -> {
          for (int i = first; i < end; i++) {
            product[i] = factor * a[i];
          }
        });
  }

  @Override
  public Tensor activate(Tensor x, Activation activation) {
    float[] a = data(x);
    return eachElement(
        x.shape(),
        4,
        (y, first, end) -> ActivationKernel.apply(machine, activation, a, y, first, end - first));
  }

  @Override
  public Tensor modulate(Tensor x, Tensor scale, Tensor shift, Activation activation) {
    float[] a = data(x);
    float[] factor = data(scale);
    float[] term = data(shift);
    return eachElement(
        x.shape(),
        4,
        (y, first, end) -> {
          for (int from = first; from < end; from += MODULATED) {
            int to = Math.min(end, from + MODULATED);
            for (int i = from; i < to; i++) {
              y[i] = term[i] + factor[i] * a[i];
            }
            ActivationKernel.apply(machine, activation, y, y, from, to - from);
          }
        });
  }

  @FunctionalInterface
  private interface ElementKernel {
    void apply(float[] y, int first, int end);
  }

  private Tensor eachElement(Shape shape, int cost, ElementKernel kernel) {
    CpuTensor y = scopes.tensor(shape);
    team.split(shape.arrayLength(), cost, (first, end, _) -> kernel.apply(y.data(), first, end));
    return y;
  }

  @Override
  public Tensor glu(Tensor x) {
    Rows from = rows(x);
    int channels = from.stride() / 2;
    CpuTensor y = scopes.tensor(x.shape().with(-1, channels));
    team.split(
        from.count(),
        4L * channels,
        (first, end, _) -> {
          for (int row = first; row < end; row++) {
            int a = from.at(row);
            int to = row * channels;
            ActivationKernel.glu(machine, from.data(), a, a + channels, y.data(), to, channels);
          }
        });
    return y;
  }

  @Override
  public Tensor reshape(Tensor x, Shape shape) {
    return scopes.reshaped(CpuTensor.of(x), shape);
  }

  @Override
  public Tensor concatTime(List<Tensor> parts, List<Lengths> lengths) {
    Lengths joined = lengths.stream().reduce(Lengths::plus).orElseThrow();
    CpuTensor y = scopes.tensor(parts.getFirst().shape().with(1, joined.max()));
    int[] filled = new int[joined.batch()];
    for (int i = 0; i < parts.size(); i++) {
      Tensor part = parts.get(i);
      TimeKernel.append(data(part), part.shape(), lengths.get(i), y.data(), y.shape(), filled);
    }
    TimeKernel.zeroPadding(y.data(), y.shape(), filled);
    return y;
  }

  @Override
  public Tensor sliceTime(Tensor x, int[] starts, Lengths lengths) {
    CpuTensor y = scopes.tensor(x.shape().with(1, lengths.max()));
    TimeKernel.slice(data(x), x.shape(), starts, lengths, y.data(), y.shape());
    return y;
  }

  @Override
  public Tensor upsampleTime(Tensor x, int factor) {
    Rows from = rows(x);
    int time = Math.multiplyExact(x.shape().size(1), factor);
    CpuTensor y = scopes.tensor(x.shape().with(1, time));
    team.split(
        from.count(),
        Math.multiplyExact((long) from.stride(), factor),
        (first, end, _) ->
            TimeKernel.upsample(from.data(), from.stride(), factor, y.data(), first, end));
    return y;
  }

  @Override
  public Tensor powerSpectrogram(Tensor x, int nFft, int winLength, int hopLength) {
    int batch = x.shape().size(0);
    int samples = x.shape().size(1);
    Shape shape = Shape.of(batch, 1 + samples / hopLength, nFft / 2 + 1);
    CpuTensor y = scopes.tensor(shape);
    SpectrogramKernel.Sizes sizes = new SpectrogramKernel.Sizes(nFft, winLength, hopLength);
    int frames = shape.size(1) * shape.size(2);
    for (int row = 0; row < batch; row++) {
      spectrogram.power(data(x), row * samples, samples, sizes, y.data(), row * frames);
    }
    return y;
  }

  @Override
  public Tensor feedForward(
      Tensor x, Weight up, Weight upBias, Activation activation, Weight down, Weight downBias) {
    return linear(linear(x, up, upBias, dense.activation(activation)), down, downBias);
  }

  @Override
  public Tensor gatedFeedForward(
      Tensor x, Weight gate, Weight up, Activation activation, Weight down) {
    Matrix matrix = CpuWeight.of(gate).matrix();
    CpuTensor hidden = scopes.tensor(x.shape().with(-1, matrix.columns()));
    dense.gated(rows(x), matrix, CpuWeight.of(up).matrix(), activation, rows(hidden));
    return linear(hidden, down, Weight.none());
  }

  @Override
  public void close() {
    if (!isBeside) {
      machine.scalars().close();
    }
    scopes.closeAll();
    team.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private static float[] data(Tensor x) {
    return CpuTensor.of(x).data();
  }

  /** The innermost rows of a tensor, whatever its rank. */
  private static Rows rows(Tensor x) {
    int channels = x.shape().size(-1);
    return new Rows(data(x), 0, channels, x.shape().arrayLength() / channels);
  }
}
