package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Tensor;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A DJL sub-manager and the masks computed for it. */
final class DjlScope implements Scope {
  private final Deque<DjlScope> open;
  private final NDManager manager;
  private final Map<Object, NDArray> constants = new HashMap<>();
  private boolean closed;

  private DjlScope(Deque<DjlScope> open, NDManager manager) {
    this.open = open;
    this.manager = manager;
  }

  /** Opens a scope on top of {@code open}, its arrays under {@code base}. */
  static DjlScope push(Deque<DjlScope> open, NDManager base) {
    DjlScope scope = new DjlScope(open, base.newSubManager());
    open.push(scope);
    return scope;
  }

  NDManager manager() {
    return manager;
  }

  /** An array made once a scope, such as a mask. */
  <K> NDArray constant(K key, Function<K, NDArray> make) {
    NDArray known = constants.get(key);
    if (known == null) {
      known = make.apply(key);
      constants.put(key, known);
    }
    return known;
  }

  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public Tensor keep(Tensor x) {
    NDArray array = ((DjlTensor) x).array();
    NDManager target = enclosing().manager;
    if (manager.equals(array.getManager())) {
      array.attach(target);
    }
    return x;
  }

  private DjlScope enclosing() {
    return open.stream()
        .dropWhile(scope -> scope != this)
        .skip(1)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "keep: there is no enclosing scope; open one around this scope"));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (open.peek() != this) {
      throw new IllegalStateException(
          "scope: expected the scope opened last to close first; nest try-with-resources blocks");
    }
    open.pop();
    closed = true;
    manager.close();
  }
}
