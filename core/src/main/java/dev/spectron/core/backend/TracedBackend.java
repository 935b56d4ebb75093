package dev.spectron.core.backend;

import dev.spectron.core.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Reports the range of every operation's result, to find where a model first goes wrong. It
 * downloads every result: for diagnosis only.
 */
public final class TracedBackend extends ForwardingBackend {
  private final Consumer<TraceEvent> sink;

  /**
   * Traces a back end.
   *
   * @param inner the back end that does the work; closed with this one
   * @param sink told of each operation after it ran
   */
  public TracedBackend(Backend inner, Consumer<TraceEvent> sink) {
    super(inner);
    this.sink = sink;
  }

  @Override
  protected Tensor made(String operation, Weight weight, Tensor result) {
    float min = Float.NaN;
    float max = Float.NaN;
    long nanCount = 0;
    for (float value : download(result)) {
      if (Float.isNaN(value)) {
        nanCount++;
      } else {
        min = Float.isNaN(min) ? value : Math.min(min, value);
        max = Float.isNaN(max) ? value : Math.max(max, value);
      }
    }
    String path = weight.isPresent() ? weight.path() : "";
    sink.accept(new TraceEvent(operation, path, result.shape(), min, max, nanCount));
    return result;
  }
}
