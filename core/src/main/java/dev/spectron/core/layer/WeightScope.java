package dev.spectron.core.layer;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Shape;

/**
 * A place in the tree of parameter names. Layers ask for their parameters by short name and shape;
 * what stands behind (a file, an initialiser, a count) is the caller's choice: {@code
 * scope.in("layers.3").weight("linear1.weight", shape, init)}.
 */
public final class WeightScope {
  private final WeightLoader loader;
  private final String prefix;

  private WeightScope(WeightLoader loader, String prefix) {
    this.loader = loader;
    this.prefix = prefix;
  }

  /**
   * The root of a tree whose parameters are read from {@code source} and put on {@code backend}.
   */
  public static WeightScope of(Backend backend, WeightSource source) {
    return of((path, shape, init) -> backend.weight(source.read(path, shape, init)));
  }

  /** The root of a tree with its own way to make parameters. */
  public static WeightScope of(WeightLoader loader) {
    return new WeightScope(loader, "");
  }

  /** The subtree under {@code name}. */
  public WeightScope in(String name) {
    return new WeightScope(loader, prefix + name + ".");
  }

  /** The subtree under {@code name} and {@code index}, such as {@code layers.3}. */
  public WeightScope in(String name, int index) {
    return in(name + "." + index);
  }

  /**
   * One parameter.
   *
   * @param name its name in this scope
   * @param shape the shape the model expects
   * @param init how it starts where nothing is stored
   */
  public Weight weight(String name, Shape shape, Init init) {
    return loader.load(prefix + name, shape, init);
  }

  /** Makes the parameter with the given full path. */
  @FunctionalInterface
  public interface WeightLoader {
    /** The parameter at {@code path}, of {@code shape}. */
    Weight load(String path, Shape shape, Init init);
  }
}
