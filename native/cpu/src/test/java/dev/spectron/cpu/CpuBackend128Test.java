package dev.spectron.cpu;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendContract;

/** The contract on 128-bit vectors. */
class CpuBackend128Test extends BackendContract {
  @Override
  protected Backend open() {
    return new CpuBackend(128, new CpuOptions(128, 2, false, true));
  }

  @Override
  protected int liveTensors(Backend backend) {
    return ((CpuBackend) backend).liveTensors();
  }
}
