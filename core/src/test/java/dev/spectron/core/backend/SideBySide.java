package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Runs the same program on a back end and on the reference and compares the results. All data is
 * random from one seed, which every failure message holds.
 */
public final class SideBySide {
  private final Backend backend;
  private final ReferenceBackend reference = new ReferenceBackend();
  private final Backend checkedReference = new CheckedBackend(reference);
  private final double tolerance;
  private final long seed;
  private final SplittableRandom random;
  private int nWeights;

  /**
   * A comparison.
   *
   * @param backend the back end under test
   * @param tolerance relative L2 error allowed for a sum of one term; grows with √k
   * @param seed of all random data
   */
  public SideBySide(Backend backend, double tolerance, long seed) {
    this.backend = backend;
    this.tolerance = tolerance;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** The back end under test. */
  public Backend backend() {
    return backend;
  }

  /** Relative L2 error allowed for a sum of one term. */
  public double tolerance() {
    return tolerance;
  }

  /** The seed, as failure messages show it. */
  public String seed() {
    return "seed " + seed;
  }

  /** Normally distributed values. */
  public Values random(int... sizes) {
    return spread(1, sizes);
  }

  /** Values of the given standard deviation. */
  public Values spread(double deviation, int... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[shape.arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return new Values(shape, values);
  }

  /**
   * A weight of standard deviation 1 / √(product of all sizes but the first), so that results stay
   * near 1.
   */
  public WeightData weight(int... sizes) {
    int fanIn = Arrays.stream(sizes).skip(1).reduce(1, (a, b) -> a * b);
    Values values = spread(1 / Math.sqrt(fanIn), sizes);
    return WeightData.of("weight" + nWeights++, values.shape(), values.values());
  }

  /** The same weight stored as BF16, its numbers cut to that precision. */
  public static WeightData bf16(WeightData weight) {
    return stored(weight, DType.BF16);
  }

  /** The same weight stored as another floating-point type. */
  public static WeightData stored(WeightData weight, DType type) {
    int n = weight.shape().arrayLength();
    ByteBuffer data = ByteBuffer.allocate(n * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      float value = weight.get(i);
      switch (type) {
        case F64 -> data.putDouble(value);
        case F32 -> data.putFloat(value);
        case F16 -> data.putShort(Float.floatToFloat16(value));
        case BF16 -> data.putShort((short) (Float.floatToIntBits(value) >>> 16));
        default -> throw new IllegalArgumentException("not a floating-point type: " + type);
      }
    }
    MemorySegment segment = MemorySegment.ofArray(data.array());
    return new WeightData(weight.path(), type, weight.shape(), segment);
  }

  /** A number from {@code 0} up to {@code bound}, exclusive. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** Asserts equal results within tolerance·√k. */
  public void agree(String what, int k, Program program) {
    compare(what, tolerance * Math.sqrt(k), program);
  }

  /**
   * As {@link #agree}, and frames past {@code lengths} are exactly 0; {@code lengths} are those of
   * the result.
   */
  public void agreePadded(String what, int k, Lengths lengths, Program program) {
    Result found = compare(what, tolerance * Math.sqrt(k), program);
    int time = found.shape().size(1);
    int frame = found.values().length / (found.shape().size(0) * time);
    for (int row = 0; row < lengths.batch(); row++) {
      int from = (row * time + lengths.at(row)) * frame;
      double[] padding = Arrays.copyOfRange(found.values(), from, (row + 1) * time * frame);
      assertThat(Arrays.stream(padding).allMatch(value -> value == 0))
          .as("%s: padding of row %d is 0, %s", what, row, seed())
          .isTrue();
    }
  }

  /** Asserts equal results within a relative L2 error; returns that of the back end under test. */
  public Result compare(String what, double bound, Program program) {
    Result expected = onReference(program);
    Result found = onBackend(program);
    String where = what + ", result " + found.shape() + ", " + seed();
    assertThat(found.shape()).as(where).isEqualTo(expected.shape());
    assertClose(where, found.values(), expected.values(), bound);
    return found;
  }

  /** The program's result on the reference. */
  public Result onReference(Program program) {
    try (Scope _ = checkedReference.openScope()) {
      Tensor y = program.run(new Side(checkedReference));
      return new Result(y.shape(), reference.downloadDoubles(y));
    }
  }

  /** The program's result on the back end under test, in memory that held NaN before. */
  public Result onBackend(Program program) {
    poisonRecycledMemory();
    try (Scope _ = backend.openScope()) {
      Tensor y = program.run(new Side(backend));
      float[] values = backend.download(y);
      double[] copy = new double[values.length];
      Arrays.setAll(copy, i -> values[i]);
      return new Result(y.shape(), copy);
    }
  }

  /** Fills memory with NaN and hands it back, so that an element nobody writes shows. */
  private void poisonRecycledMemory() {
    float[] poison = new float[1 << 13];
    Arrays.fill(poison, Float.NaN);
    try (Scope _ = backend.openScope()) {
      for (int i = 0; i < 8; i++) {
        backend.upload(poison, Shape.of(poison.length));
      }
    }
  }

  /** Asserts ‖found − expected‖ ≤ bound·‖expected‖. */
  public static void assertClose(String where, double[] found, double[] expected, double bound) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      if (!Double.isFinite(found[i])) {
        fail("%s: element %d: expected %s, found %s", where, i, expected[i], found[i]);
      }
      difference += (found[i] - expected[i]) * (found[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    assertThat(Math.sqrt(difference))
        .as(
            "%s: relative L2 error %s",
            where, String.format(Locale.ROOT, "%.2e", Math.sqrt(difference / norm)))
        .isLessThanOrEqualTo(bound * Math.sqrt(norm));
  }

  /** What is run on both sides. */
  @FunctionalInterface
  public interface Program {
    /** Makes the result; all data goes through {@code side}. */
    Tensor run(Side side);
  }

  /**
   * One side of the comparison.
   *
   * @param backend the back end to run on
   */
  public record Side(Backend backend) {
    /** The values as a tensor. */
    public Tensor x(Values values) {
      return backend.upload(values.values(), values.shape());
    }

    /** The weight on this back end. */
    public Weight w(WeightData data) {
      return backend.weight(data);
    }
  }

  /**
   * Host values, row-major.
   *
   * @param shape sizes
   * @param values as many as the shape has elements
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Values(Shape shape, float[] values) {
    /** These values with every frame past {@code lengths} overwritten. */
    public Values poisoned(Lengths lengths, float poison) {
      float[] copy = values.clone();
      int time = shape.size(1);
      int frame = copy.length / (shape.size(0) * time);
      for (int row = 0; row < lengths.batch(); row++) {
        Arrays.fill(copy, (row * time + lengths.at(row)) * frame, (row + 1) * time * frame, poison);
      }
      return new Values(shape, copy);
    }
  }

  /**
   * A result on the host.
   *
   * @param shape sizes
   * @param values row-major
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(Shape shape, double[] values) {}
}
