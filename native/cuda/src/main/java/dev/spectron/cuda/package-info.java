/**
 * The back end on NVIDIA GPUs: JCuda's driver API, cuBLAS for large products, and the kernels under
 * {@code src/main/cu}, shipped as one PTX text. Read {@link dev.spectron.cuda.CudaBackendProvider}
 * first.
 */
package dev.spectron.cuda;
