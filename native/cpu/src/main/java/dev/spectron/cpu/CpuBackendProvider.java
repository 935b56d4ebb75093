package dev.spectron.cpu;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendProvider;
import dev.spectron.core.error.BackendException;

/**
 * Announces the CPU back end. This class loads and answers {@link #probe()} whether or not the
 * Vector API is there; the classes behind {@link #open()} do not.
 */
public final class CpuBackendProvider implements BackendProvider {
  static final String NAME = "cpu";
  private static final String MODULE = "jdk.incubator.vector";

  private final CpuOptions options;

  /** With {@link CpuOptions#defaults()}. */
  public CpuBackendProvider() {
    this(CpuOptions.defaults());
  }

  /** With options of one's own. */
  public CpuBackendProvider(CpuOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Availability probe() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new Availability(
          false, MODULE + " is not loaded; start Java with --add-modules " + MODULE);
    }
    String natives =
        options.nativeCode()
            ? NativeProducts.load(vectorBits()).detail()
            : "no native code asked for";
    return new Availability(
        true, "%d-bit vectors, %d threads, %s".formatted(vectorBits(), options.threads(), natives));
  }

  @Override
  public Backend open() {
    Availability found = probe();
    if (!found.available()) {
      throw new BackendException("backend " + NAME + ": " + found.detail());
    }
    return new CpuBackend(vectorBits(), options);
  }

  private int vectorBits() {
    return options.vectorBits() == 0 ? VectorWidth.preferredBits() : options.vectorBits();
  }
}
