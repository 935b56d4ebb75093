package dev.spectron.core.backend;

import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects what crosses the border between host and back end, to be stored as a fixture: weights
 * under their paths, uploads as {@code input.0}, {@code input.1}, …, downloads as {@code output.0},
 * …, and whatever is recorded by name in between.
 */
public final class RecordingBackend extends ForwardingBackend {
  private final Map<String, WeightData> recorded = new LinkedHashMap<>();
  private int inputs;
  private int outputs;

  /**
   * Records a back end.
   *
   * @param inner the back end that does the work; closed with this one
   */
  public RecordingBackend(Backend inner) {
    super(inner);
  }

  /** All that was recorded so far by name, in order; host copies that outlive this back end. */
  public Map<String, WeightData> recorded() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(recorded));
  }

  /**
   * Records a tensor's values under a name of the caller's choice.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void record(String name, Tensor x) {
    put(name, x.shape(), super.download(x));
  }

  @Override
  public Weight weight(WeightData data) {
    put(data.path(), data.shape(), data.toFloats());
    return super.weight(data);
  }

  @Override
  public Tensor upload(float[] values, Shape shape) {
    Tensor x = super.upload(values, shape);
    put("input." + inputs++, shape, values.clone());
    return x;
  }

  @Override
  public float[] download(Tensor x) {
    float[] values = super.download(x);
    put("output." + outputs++, x.shape(), values.clone());
    return values;
  }

  private void put(String name, Shape shape, float[] values) {
    if (recorded.putIfAbsent(name, WeightData.of(name, shape, values)) != null) {
      throw new IllegalArgumentException(
          "recording: " + name + " is recorded already; choose another name");
    }
  }
}
