package dev.spectron.cpu;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendContract;

/** The contract with native code where the processor can; else it repeats that on vectors. */
class CpuBackendNativeTest extends BackendContract {
  @Override
  protected Backend open() {
    return new CpuBackend(512, new CpuOptions(512, 2, false, true, true));
  }

  @Override
  protected int liveTensors(Backend backend) {
    return ((CpuBackend) backend).liveTensors();
  }
}
