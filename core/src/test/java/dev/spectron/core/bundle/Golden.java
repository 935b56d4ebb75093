package dev.spectron.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A fixture of one stage, written by another library: its config in the metadata, inputs, weights
 * under {@code weights.} and outputs under {@code expected.}. The stage runs on the reference.
 */
public final class Golden implements AutoCloseable {
  /** Relative L2 error of float32 inputs and outputs around double arithmetic. */
  public static final double TOLERANCE = 1e-6;

  private static final int MAX_BYTES = 200 << 10;
  private static final String WEIGHTS = "weights.";
  private static final String EXPECTED = "expected.";

  private final Safetensors tensors;

  private Golden(Safetensors tensors) {
    this.tensors = tensors;
  }

  /** Reads {@code /golden/name.safetensors} from the class path. */
  public static Golden open(String name) {
    String resource = "/golden/" + name + ".safetensors";
    try (InputStream in = Golden.class.getResourceAsStream(resource)) {
      assertThat(in).as(resource).isNotNull();
      byte[] bytes = in.readAllBytes();
      assertThat(bytes.length).as("bytes of " + resource).isLessThanOrEqualTo(MAX_BYTES);
      Golden golden = new Golden(Safetensors.of(resource, bytes));
      assertThat(golden.tensors.metadata()).containsKeys("generator", "library", "seed");
      return golden;
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  /** The stage's config. */
  public <T> T config(Class<T> type) {
    return Json.parse(tensors.name(), tensors.metadata().get("config"), type);
  }

  /** An input on a back end. */
  public Tensor upload(Backend backend, String name) {
    WeightData data = tensors.get(name);
    return backend.upload(data.toFloats(), data.shape());
  }

  /** An input's numbers. */
  public float[] floats(String name) {
    return tensors.get(name).toFloats();
  }

  /** An input of whole numbers. */
  public int[] integers(String name) {
    double[] values = tensors.get(name).toDoubles();
    return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }

  /** The valid frames of {@code x} as outputs {@code name.0}, {@code name.1}, … */
  public static Map<String, float[]> rows(Backend backend, String name, Tensor x, Lengths lengths) {
    float[] values = backend.download(x);
    int row = values.length / x.shape().size(0);
    int frame = row / x.shape().size(1);
    Map<String, float[]> rows = new LinkedHashMap<>();
    for (int i = 0; i < lengths.batch(); i++) {
      rows.put(
          name + "." + i, Arrays.copyOfRange(values, i * row, i * row + lengths.at(i) * frame));
    }
    return rows;
  }

  /**
   * Asserts that the stage reads every stored weight and that its outputs are those expected, all
   * of them.
   */
  public void assertMatches(Stage stage) {
    Set<String> read = new TreeSet<>();
    Map<String, Double> errors =
        errors(
            stage,
            (path, shape, _) -> {
              read.add(path);
              return tensors.get(path, shape);
            });
    assertThat(read).isEqualTo(weights());
    errors.forEach(
        (output, error) ->
            assertThat(error)
                .as("relative error of %s of %s", output, tensors.name())
                .isLessThanOrEqualTo(TOLERANCE));
  }

  /**
   * Asserts that no weight can change unseen: another value of it moves an output at least a
   * hundred times as far as {@link #assertMatches} allows.
   *
   * @param idle weights without a part in the result, such as a bias that a softmax cancels; they
   *     must move nothing
   */
  public void assertEveryWeightCounts(Stage stage, Predicate<String> idle) {
    for (String path : weights()) {
      double moved =
          worst(
              errors(
                  stage,
                  (asked, shape, _) ->
                      asked.equals(path)
                          ? disturbed(tensors.get(path, shape))
                          : tensors.get(asked, shape)));
      if (idle.test(path)) {
        assertThat(moved).as("change of %s", path).isLessThanOrEqualTo(TOLERANCE);
      } else {
        assertThat(moved).as("change of %s", path).isGreaterThan(100 * TOLERANCE);
      }
    }
  }

  private Set<String> weights() {
    return tensors.names().stream()
        .filter(name -> name.startsWith(WEIGHTS))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Relative L2 error of each output. */
  private Map<String, Double> errors(Stage stage, WeightSource source) {
    Map<String, Double> errors = new LinkedHashMap<>();
    try (Backend backend = Backends.open("reference");
        Scope _ = backend.openScope()) {
      Map<String, float[]> found =
          stage.run(backend, WeightScope.of(backend, source).in("weights"));
      Set<String> expected =
          tensors.names().stream()
              .filter(name -> name.startsWith(EXPECTED))
              .map(name -> name.substring(EXPECTED.length()))
              .collect(Collectors.toSet());
      assertThat(found.keySet()).isEqualTo(expected);
      found.forEach(
          (name, values) ->
              errors.put(name, error(values, tensors.get(EXPECTED + name).toDoubles())));
    }
    return errors;
  }

  private static double error(float[] found, double[] expected) {
    assertThat(found).hasSize(expected.length);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (found[i] - expected[i]) * (found[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }

  private static double worst(Map<String, Double> errors) {
    return errors.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** Not a constant shift or a common factor, which the next norm would take out again. */
  private static WeightData disturbed(WeightData weight) {
    float[] values = weight.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (0.1 * Math.sin(i + 1));
    }
    return WeightData.of(weight.path(), weight.shape(), values);
  }

  @Override
  public void close() {
    tensors.close();
  }

  /** Loads a stage and runs it on the fixture's inputs. */
  @FunctionalInterface
  public interface Stage {
    /** All outputs by name. */
    Map<String, float[]> run(Backend backend, WeightScope weights);
  }
}
