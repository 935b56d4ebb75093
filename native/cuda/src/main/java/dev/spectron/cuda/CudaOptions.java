package dev.spectron.cuda;

/**
 * How to open the back end.
 *
 * @param recycle whether memory of dead tensors is kept for new ones; else it goes back to the
 *     driver at once, which is slow but lets the driver tell what was never written
 */
record CudaOptions(boolean recycle) {
  static CudaOptions defaults() {
    return new CudaOptions(true);
  }
}
