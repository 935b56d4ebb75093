package dev.spectron.cuda;

import dev.spectron.cuda.emulator.Order;

/** The contract with threads and blocks last to first. */
class CudaBackendReverseTest extends CudaBackendTest {
  @Override
  Order order() {
    return Order.REVERSE;
  }
}
