package dev.spectron.cuda;

import dev.spectron.core.error.BackendException;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Turns error codes of the driver and of cuBLAS into exceptions. */
final class CudaCheck {
  private CudaCheck() {}

  /**
   * Checks what a call of the driver returned. Kernels fail later than they are launched: the call
   * that reports it need not be the one to blame.
   *
   * @throws BackendException if it is an error
   */
  static void driver(int result, String call) {
    if (result == CUresult.CUDA_SUCCESS) {
      return;
    }
    String[] name = {""};
    String[] text = {""};
    JCudaDriver.cuGetErrorName(result, name);
    JCudaDriver.cuGetErrorString(result, text);
    throw new BackendException(
        "backend cuda: %s: expected success, found %s (%d): %s; work on the device is lost, start the program again"
            .formatted(call, name[0], result, text[0]));
  }

  /**
   * Checks what a call of cuBLAS returned.
   *
   * @throws BackendException if it is an error
   */
  static void blas(int status, String call) {
    if (status != 0) {
      throw new BackendException(
          "backend cuda: %s: expected success, found cuBLAS status %d; check that cuBLAS fits the driver"
              .formatted(call, status));
    }
  }
}
