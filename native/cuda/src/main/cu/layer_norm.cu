// y = (x - mean) / sqrt(variance + epsilon) · gain + bias over the channels of a row.
// A warp a row, lanes side by side. The variance is summed of differences from the mean, since
// mean(x^2) - mean(x)^2 would drown in rounding; the row is read three times, twice from cache.
// Floor: 8 bytes an element, gain and bias once.
#include "k.cuh"

KERNEL layer_norm(const float* x, const float* gain, const float* bias, float epsilon, float* y, int rows,
                  int channels) {
  int row = (blockIdx.x * blockDim.x + threadIdx.x) / kWarp;
  int lane = threadIdx.x % kWarp;
  if (row >= rows) return;
  const float* from = x + static_cast<long long>(row) * channels;
  float sum = 0;
  for (int c = lane; c < channels; c += kWarp) sum += from[c];
  float mean = sumOfWarp(sum) / channels;
  float squares = 0;
  for (int c = lane; c < channels; c += kWarp) {
    float d = from[c] - mean;
    squares = fmaf(d, d, squares);
  }
  float factor = reciprocal(squareRoot(sumOfWarp(squares) / channels + epsilon));
  float* to = y + static_cast<long long>(row) * channels;
  for (int c = lane; c < channels; c += kWarp) {
    float normal = (from[c] - mean) * factor;
    to[c] = fmaf(normal, gain ? gain[c] : 1.f, bias ? bias[c] : 0.f);
  }
}
