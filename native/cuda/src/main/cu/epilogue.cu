// y[row, c] = f(y[row, c] + bias[c]) in place, behind a product of the matrix library. One thread an
// element.
// Floor: 8 bytes an element, the bias once.
#include "activation.cuh"

KERNEL epilogue(float* y, const float* bias, int count, int channels, int kind) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) y[i] = activation(kind, y[i] + (bias ? bias[i % channels] : 0.f));
}
