package dev.spectron.core.backend;

import dev.spectron.core.error.CapacityException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The meaning of every operation: scalar loops in double precision, one obvious formula each.
 * Activations stay doubles from operation to operation, so that it is exact enough to judge float32
 * back ends and to take finite differences on; only {@link #download} rounds. It trusts its
 * operands: wrap it in {@link CheckedBackend} to have shapes checked.
 */
public final class ReferenceBackend implements Backend {
  private final Deque<ReferenceScope> scopes = new ArrayDeque<>();

  @Override
  public String name() {
    return ReferenceBackendProvider.NAME;
  }

  @Override
  public Scope openScope() {
    scopes.push(
        scopes.isEmpty() ? new ReferenceScope(this) : new ReferenceScope(this, scopes.peek()));
    return scopes.peek();
  }

  /** Takes a closed scope off the stack. */
  void closed(ReferenceScope scope) {
    if (scopes.peek() != scope) {
      throw new IllegalStateException(
          "reference: scope.close: a scope opened later is still open; close that one first");
    }
    scopes.pop();
  }

  /** Tensors alive in all open scopes. */
  int liveTensors() {
    return scopes.stream().mapToInt(ReferenceScope::liveTensors).sum();
  }

  @Override
  public Weight weight(WeightData data) {
    return new ReferenceWeight(data);
  }

  @Override
  public KvCache kvCache(KvCacheSpec spec) throws CapacityException {
    return new ReferenceKvCache(spec);
  }

  @Override
  public Tensor upload(float[] values, Shape shape) {
    double[] copy = new double[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[i];
    }
    return result(shape, copy);
  }

  /**
   * As {@link #upload}, without rounding.
   *
   * @param values row-major, as many as {@code shape} has elements
   */
  public Tensor uploadDoubles(double[] values, Shape shape) {
    return result(shape, values.clone());
  }

  @Override
  public float[] download(Tensor x) {
    double[] values = values(x);
    float[] copy = new float[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) values[i];
    }
    return copy;
  }

  /** As {@link #download}, without rounding. */
  public double[] downloadDoubles(Tensor x) {
    return values(x).clone();
  }

  @Override
  public Tensor linear(Tensor x, Weight weight, Weight bias) {
    int out = weight.shape().size(0);
    Shape shape = x.shape().with(-1, out);
    double[] w = ReferenceWeight.values(weight);
    return result(shape, ReferenceDense.linear(values(x), w, bias(bias, out), shape.arrayLength()));
  }

  @Override
  public Tensor embed(Tokens tokens, Weight table) {
    int channels = table.shape().size(1);
    double[] rows = ReferenceWeight.values(table);
    Shape shape = Shape.of(tokens.batch(), tokens.time(), channels);
    double[] y = new double[shape.arrayLength()];
    int[] ids = tokens.toArray();
    for (int i = 0; i < ids.length; i++) {
      System.arraycopy(rows, ids[i] * channels, y, i * channels, channels);
    }
    return result(shape, y);
  }

  @Override
  public Tensor conv1d(Tensor x, Weight weight, Weight bias, Conv1dSpec spec, Lengths lengths) {
    int out = weight.shape().size(0);
    int time = x.shape().size(1);
    return result(
        Shape.of(x.shape().size(0), spec.outputTime(time), out),
        ReferenceConvolution.conv1d(
            values(x), x.shape(), ReferenceWeight.values(weight), bias(bias, out), spec, lengths));
  }

  @Override
  public Tensor convTranspose1d(
      Tensor x, Weight weight, Weight bias, int stride, int padding, Lengths lengths) {
    int out = weight.shape().size(1);
    int kernel = weight.shape().size(2);
    int time = x.shape().size(1);
    Shape shape = Shape.of(x.shape().size(0), (time - 1) * stride + kernel - 2 * padding, out);
    return result(
        shape,
        ReferenceConvolution.convTranspose1d(
            values(x),
            x.shape(),
            ReferenceWeight.values(weight),
            weight.shape(),
            bias(bias, out),
            stride,
            padding,
            lengths));
  }

  @Override
  public Tensor conv2d(Tensor x, Weight weight, Weight bias, Conv2dSpec spec, Lengths lengths) {
    int out = weight.shape().size(0);
    Shape shape =
        Shape.of(
            x.shape().size(0),
            spec.outputTime(x.shape().size(1)),
            spec.outputFrequency(x.shape().size(2)),
            out);
    return result(
        shape,
        ReferenceConvolution.conv2d(
            values(x), x.shape(), ReferenceWeight.values(weight), bias(bias, out), spec, lengths));
  }

  @Override
  public Tensor layerNorm(Tensor x, Weight gain, Weight bias, float epsilon) {
    int channels = x.shape().size(-1);
    return result(
        x.shape(),
        ReferenceNorm.layerNorm(values(x), gain(gain, channels), bias(bias, channels), epsilon));
  }

  @Override
  public Tensor rmsNorm(Tensor x, Weight gain, float epsilon) {
    return result(
        x.shape(), ReferenceNorm.rmsNorm(values(x), gain(gain, x.shape().size(-1)), epsilon));
  }

  @Override
  public Tensor batchNorm(
      Tensor x, Weight mean, Weight variance, Weight gain, Weight bias, float epsilon) {
    return result(
        x.shape(),
        ReferenceNorm.batchNorm(
            values(x),
            ReferenceWeight.values(mean),
            ReferenceWeight.values(variance),
            ReferenceWeight.values(gain),
            ReferenceWeight.values(bias),
            epsilon));
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
    ReferenceAttention attention = new ReferenceAttention(spec, position, q.shape(), cache);
    return result(q.shape(), attention.apply(values(q), values(k), values(v), lengths));
  }

  @Override
  public Tensor add(Tensor x, Tensor y, float scale) {
    return result(x.shape(), ReferenceDense.add(values(x), values(y), scale));
  }

  @Override
  public Tensor multiply(Tensor x, Tensor y) {
    return result(x.shape(), ReferenceDense.multiply(values(x), values(y)));
  }

  @Override
  public Tensor scale(Tensor x, float factor) {
    return result(x.shape(), ReferenceDense.scale(values(x), factor));
  }

  @Override
  public Tensor activate(Tensor x, Activation activation) {
    return result(x.shape(), ReferenceDense.activate(values(x), activation));
  }

  @Override
  public Tensor glu(Tensor x) {
    int channels = x.shape().size(-1) / 2;
    return result(x.shape().with(-1, channels), ReferenceDense.glu(values(x), channels));
  }

  @Override
  public Tensor reshape(Tensor x, Shape shape) {
    return result(shape, values(x));
  }

  @Override
  public Tensor concatTime(List<Tensor> parts, List<Lengths> lengths) {
    Lengths joined = lengths.stream().reduce(Lengths::plus).orElseThrow();
    Shape shape = parts.getFirst().shape().with(1, joined.max());
    double[] y = new double[shape.arrayLength()];
    int[] filled = new int[joined.batch()];
    for (int part = 0; part < parts.size(); part++) {
      ReferenceTime.append(
          values(parts.get(part)), parts.get(part).shape(), lengths.get(part), y, shape, filled);
    }
    return result(shape, y);
  }

  @Override
  public Tensor sliceTime(Tensor x, int[] starts, Lengths lengths) {
    Shape shape = x.shape().with(1, lengths.max());
    return result(shape, ReferenceTime.slice(values(x), x.shape(), starts, lengths, shape));
  }

  @Override
  public Tensor upsampleTime(Tensor x, int factor) {
    Shape shape = x.shape().with(1, Math.multiplyExact(x.shape().size(1), factor));
    return result(shape, ReferenceTime.upsample(values(x), x.shape().size(-1), factor, shape));
  }

  @Override
  public Tensor powerSpectrogram(Tensor x, int nFft, int winLength, int hopLength) {
    int batch = x.shape().size(0);
    int samples = x.shape().size(1);
    Shape shape = Shape.of(batch, 1 + samples / hopLength, nFft / 2 + 1);
    ReferenceSpectrogram spectrogram = new ReferenceSpectrogram(nFft, winLength, hopLength);
    return result(shape, spectrogram.power(values(x), samples, shape));
  }

  @Override
  public void close() {
    while (!scopes.isEmpty()) {
      scopes.peek().close();
    }
  }

  private ReferenceTensor result(Shape shape, double[] values) {
    if (scopes.isEmpty()) {
      throw new IllegalStateException(
          "reference: a tensor " + shape + " was made with no scope open; call openScope first");
    }
    return scopes.peek().own(shape, values);
  }

  private static double[] values(Tensor x) {
    return ReferenceTensor.of(x).values();
  }

  private static double[] gain(Weight gain, int channels) {
    return ReferenceWeight.valuesOr(gain, channels, 1);
  }

  private static double[] bias(Weight bias, int channels) {
    return ReferenceWeight.valuesOr(bias, channels, 0);
  }
}
