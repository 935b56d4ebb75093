package dev.spectron.djl;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendContract;

/** The whole contract, opened for answering in float32. */
class DjlBackendTest extends BackendContract {
  @Override
  protected Backend open() {
    return DjlBackend.open(DjlOptions.answering().withThreads(1));
  }

  @Override
  protected int liveTensors(Backend backend) {
    return ((DjlBackend) backend).liveArrays();
  }
}
