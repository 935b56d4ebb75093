package dev.spectron.core.layer;

import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The parameters a model asks for, by path, without allocating any. */
public final class ParameterCount {
  private ParameterCount() {}

  /**
   * Loads a model that holds no numbers and reports what it asked for.
   *
   * @param load loads the model from the scope it is given
   * @return shape by path, in loading order
   */
  public static Map<String, Shape> shapes(Consumer<WeightScope> load) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    load.accept(
        WeightScope.of(
            (path, shape, init) -> {
              shapes.put(path, shape);
              return new ShapeOnly(path, shape);
            }));
    return shapes;
  }

  /** Number of parameters of the model that {@code load} loads. */
  public static long of(Consumer<WeightScope> load) {
    return shapes(load).values().stream().mapToLong(Shape::elements).reduce(0, Math::addExact);
  }

  private record ShapeOnly(String path, Shape shape) implements Weight {}
}
