package dev.spectron.cuda;

import dev.spectron.core.backend.Weight;
import dev.spectron.core.packing.PanelFormat;
import dev.spectron.core.tensor.Shape;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/**
 * y = f(x·Wᵀ + b): a few rows in a kernel that reads the weight once, more of them in cuBLAS with a
 * kernel for bias and activation behind it.
 */
final class Products {
  /** As {@code kRows} in gemv.cu. */
  private static final int FEW_ROWS = 8;

  /** As {@code kIdentity} in activation.cuh. */
  static final int IDENTITY = 7;

  private final CudaDevice device;
  private final cublasHandle handle = new cublasHandle();
  private final Pointer one = Pointer.to(new float[] {1});
  private final Pointer zero = Pointer.to(new float[] {0});

  Products(CudaDevice device) {
    this.device = device;
    CudaCheck.blas(JCublas2.cublasCreate(handle), "cublasCreate");
    CudaCheck.blas(
        JCublas2.cublasSetStream(handle, new cudaStream_t(device.stream())), "cublasSetStream");
    // No rounding to 10 bits behind one's back.
    CudaCheck.blas(
        JCublas2.cublasSetMathMode(handle, cublasMath.CUBLAS_DEFAULT_MATH), "cublasSetMathMode");
  }

  /**
   * One product.
   *
   * @param x address of {@code [rows, in]}
   * @param shape of x, its last size {@code in}
   * @param activation as {@link Activations#code} has it, or {@link #IDENTITY}
   * @param y address of {@code [rows, out]}
   */
  void linear(long x, Shape shape, CudaWeight weight, Weight bias, int activation, long y) {
    int in = weight.shape().size(1);
    int out = weight.shape().size(0);
    int rows = shape.arrayLength() / in;
    long b = CudaWeight.floats(bias);
    if (rows <= FEW_ROWS) {
      device.launch(
          weight.form().kernel("gemv"),
          weight.form().packed() ? panels(out) : Grid.warps(out),
          device
              .arguments()
              .address(x)
              .address(weight.stored())
              .address(b)
              .address(y)
              .integer(rows)
              .integer(in)
              .integer(out)
              .integer(activation));
      return;
    }
    multiply(x, weight, rows, y);
    if (b != 0 || activation != IDENTITY) {
      device.launch(
          "epilogue",
          Grid.elements(rows * out),
          device
              .arguments()
              .address(y)
              .address(b)
              .integer(rows * out)
              .integer(out)
              .integer(activation));
    }
  }

  /** A block of four warps for each panel, as in gemv_packed.cu. */
  private static Grid panels(int out) {
    return new Grid(PanelFormat.count(out), 1, 1, 128, 0);
  }

  /** With operands of one type, as cuBLAS wants them: rounded, or widened, for this product. */
  private void multiply(long x, CudaWeight weight, int rows, long y) {
    device.makeCurrent();
    int in = weight.shape().size(1);
    switch (weight.form()) {
      case F32 -> multiply(weight, weight.stored(), x, cudaDataType.CUDA_R_32F, rows, y);
      case BF16 -> {
        DeviceBuffer rounded = device.take((long) rows * in * Short.BYTES);
        device.launch(
            "round_bf16",
            Grid.elements(rows * in),
            device.arguments().address(x).address(rounded.address()).integer(rows * in));
        long halves = rounded.address();
        multiply(weight, weight.stored(), halves, cudaDataType.CUDA_R_16BF, rows, y);
        device.give(rounded);
      }
      case INT8, INT4 -> {
        DeviceBuffer wide = device.take((long) weight.shape().arrayLength() * Float.BYTES);
        weight.unpack(0, weight.shape().size(0), wide.address());
        multiply(weight, wide.address(), x, cudaDataType.CUDA_R_32F, rows, y);
        device.give(wide);
      }
    }
  }

  /** cuBLAS counts columns first: row-major x·Wᵀ is its W as it lies, transposed, times x. */
  private void multiply(CudaWeight weight, long w, long x, int type, int rows, long y) {
    int in = weight.shape().size(1);
    int out = weight.shape().size(0);
    CudaCheck.blas(
        JCublas2.cublasGemmEx_new(
            handle,
            cublasOperation.CUBLAS_OP_T,
            cublasOperation.CUBLAS_OP_N,
            out,
            rows,
            in,
            one,
            new Raw(w),
            type,
            in,
            new Raw(x),
            type,
            in,
            zero,
            new Raw(y),
            cudaDataType.CUDA_R_32F,
            out,
            cublasComputeType.CUBLAS_COMPUTE_32F,
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT),
        "product with " + weight.path());
  }

  void close() {
    JCublas2.cublasDestroy(handle);
  }

  /** An address as a pointer. */
  private static final class Raw extends Pointer {
    Raw(long address) {
      super(address);
    }
  }
}
