// y[row, t, o] = bias[o] + sum over taps k and inputs i of x[row, s, i] · W[k, i, o] where
// s·stride + k - padding = t. Every stride-th tap meets a given output frame. The weight lies as
// [kernel, in, out]: threads are side by side along o and read side by side. One thread an element.
// Floor: x, y and W once; 2 · kernel / stride · in operations an element of y.
#include "k.cuh"

struct ConvTranspose1d {
  int time, in, outTime, out, kernel, stride, padding;
};

KERNEL conv_transpose1d(const float* x, const float* weight, const float* bias, const int* lengths,
                        const int* outLengths, float* y, ConvTranspose1d s) {
  int o = blockIdx.y * blockDim.x + threadIdx.x;
  int t = blockIdx.x;
  int row = blockIdx.z;
  if (o >= s.out) return;
  float sum = bias ? bias[o] : 0.f;
  const float* from = x + static_cast<long long>(row) * s.time * s.in;
  for (int k = (t + s.padding) % s.stride; k < s.kernel; k += s.stride) {
    int frame = (t + s.padding - k) / s.stride;
    if (t + s.padding < k || frame >= lengths[row]) continue;
    const float* taps = weight + static_cast<long long>(k) * s.in * s.out + o;
    for (int i = 0; i < s.in; i++) {
      sum = fmaf(taps[static_cast<long long>(i) * s.out], from[static_cast<long long>(frame) * s.in + i], sum);
    }
  }
  y[(static_cast<long long>(row) * s.outTime + t) * s.out + o] = t < outLengths[row] ? sum : 0.f;
}
