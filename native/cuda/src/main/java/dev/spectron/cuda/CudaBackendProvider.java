package dev.spectron.cuda;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendProvider;
import dev.spectron.core.error.BackendException;

/**
 * Announces the CUDA back end. Its rank is below all others', so that {@code auto} never takes it:
 * it has been checked on an emulated device, and on no other yet.
 */
public final class CudaBackendProvider implements BackendProvider {
  static final String NAME = "cuda";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return -1;
  }

  @Override
  public Availability probe() {
    return CudaProbe.found();
  }

  @Override
  public Backend open() {
    Availability found = probe();
    if (!found.available()) {
      throw new BackendException("backend " + NAME + ": " + found.detail());
    }
    return new CudaBackend(CudaOptions.defaults());
  }
}
