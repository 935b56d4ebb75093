package dev.spectron.cpu;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendContract;

/** The contract on 256-bit vectors. */
class CpuBackend256Test extends BackendContract {
  @Override
  protected Backend open() {
    return new CpuBackend(256, new CpuOptions(256, 2, false, true));
  }

  @Override
  protected int liveTensors(Backend backend) {
    return ((CpuBackend) backend).liveTensors();
  }
}
