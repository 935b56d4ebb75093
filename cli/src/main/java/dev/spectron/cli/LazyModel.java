package dev.spectron.cli;

import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Opened when there is something to hear: a wrong path shows at once, not after the loading. */
final class LazyModel implements AutoCloseable {
  private final SpectronOptions options;
  private final Consumer<Spectron> begin;
  private final List<Spectron> opened = new ArrayList<>(1);

  /**
   * A model.
   *
   * @param begin told once it is open
   */
  LazyModel(SpectronOptions options, Consumer<Spectron> begin) {
    this.options = options;
    this.begin = begin;
  }

  Spectron spectron() {
    if (opened.isEmpty()) {
      opened.add(Spectron.open(options));
      begin.accept(opened.getFirst());
    }
    return opened.getFirst();
  }

  @Override
  public void close() {
    opened.forEach(Spectron::close);
  }
}
