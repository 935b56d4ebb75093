package dev.spectron.cuda;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendContract;
import dev.spectron.cuda.emulator.Emulator;
import dev.spectron.cuda.emulator.Order;

/**
 * The contract on an emulated device that checks every access of every kernel, threads shuffled.
 * Memory goes back to the driver when a tensor dies, so that it knows what was never written.
 */
class CudaBackendTest extends BackendContract {
  Order order() {
    return Order.SHUFFLED;
  }

  @Override
  protected Backend open() {
    Emulator emulator = Emulator.load();
    emulator.reset();
    emulator.schedule(order(), 42);
    return new CudaBackend(new CudaOptions(false));
  }

  @Override
  protected int liveTensors(Backend backend) {
    return ((CudaBackend) backend).liveTensors();
  }
}
