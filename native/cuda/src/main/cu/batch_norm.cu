// y = (x - mean) / sqrt(variance + epsilon) · gain + bias, all four by channel. One thread an element.
// Floor: 8 bytes an element, the statistics once.
#include "k.cuh"

KERNEL batch_norm(const float* x, const float* mean, const float* variance, const float* gain,
                  const float* bias, float epsilon, float* y, int count, int channels) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) return;
  int c = i % channels;
  float factor = gain[c] / squareRoot(variance[c] + epsilon);
  y[i] = fmaf(x[i] - mean[c], factor, bias[c]);
}
