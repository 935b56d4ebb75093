// y[row, c] = x[row, c] · sigmoid(x[row, channels + c]). One thread an element of y.
// Floor: 12 bytes an element of y; no more is moved.
#include "activation.cuh"

KERNEL glu(const float* x, float* y, int count, int channels) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) return;
  int row = i / channels;
  const float* from = x + static_cast<long long>(row) * channels + i;  // row·2·channels + c
  y[i] = from[0] * sigmoid(from[channels]);
}
