// y = x / sqrt(mean(x^2) + epsilon) · gain over the channels of a row. A warp a row, lanes side by
// side; the row is read twice, once from cache.
// Floor: 8 bytes an element, gain once.
#include "k.cuh"

KERNEL rms_norm(const float* x, const float* gain, float epsilon, float* y, int rows, int channels) {
  int row = (blockIdx.x * blockDim.x + threadIdx.x) / kWarp;
  int lane = threadIdx.x % kWarp;
  if (row >= rows) return;
  const float* from = x + static_cast<long long>(row) * channels;
  float squares = 0;
  for (int c = lane; c < channels; c += kWarp) squares = fmaf(from[c], from[c], squares);
  float factor = reciprocal(squareRoot(sumOfWarp(squares) / channels + epsilon));
  float* to = y + static_cast<long long>(row) * channels;
  for (int c = lane; c < channels; c += kWarp) to[c] = from[c] * factor * (gain ? gain[c] : 1.f);
}
