package dev.spectron.cuda;

import dev.spectron.cuda.emulator.Order;

/** The contract with threads and blocks first to last. */
class CudaBackendForwardTest extends CudaBackendTest {
  @Override
  Order order() {
    return Order.FORWARD;
  }
}
