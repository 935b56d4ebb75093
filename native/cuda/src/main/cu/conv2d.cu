// y[row, t, f, o] = bias[o] + sum over taps (kt, kf) and inputs i of the group:
//   x[row, t·stride + kt - padding, f·stride + kf - padding, i] · W[kt, kf, i, o]
// The weight lies as [kernel, kernel, in / groups, out]: threads are side by side along o and read
// side by side. One thread an element.
// Floor: x, y and W once; 2 · kernel^2 · in / groups operations an element of y.
#include "k.cuh"

struct Conv2d {
  int time, frequency, in, outTime, outFrequency, out, kernel, stride, padding, groups;
};

KERNEL conv2d(const float* x, const float* weight, const float* bias, const int* lengths,
              const int* outLengths, float* y, Conv2d s) {
  int i = blockIdx.y * blockDim.x + threadIdx.x;
  int t = blockIdx.x;
  int row = blockIdx.z;
  if (i >= s.outFrequency * s.out) return;
  int o = i % s.out;
  int f = i / s.out;
  int inGroup = s.in / s.groups;
  int firstIn = o / (s.out / s.groups) * inGroup;
  float sum = bias ? bias[o] : 0.f;
  for (int kt = 0; kt < s.kernel; kt++) {
    int at = t * s.stride + kt - s.padding;
    if (at < 0 || at >= lengths[row]) continue;
    for (int kf = 0; kf < s.kernel; kf++) {
      int bin = f * s.stride + kf - s.padding;
      if (bin < 0 || bin >= s.frequency) continue;
      const float* from = x + ((static_cast<long long>(row) * s.time + at) * s.frequency + bin) * s.in + firstIn;
      const float* taps = weight + static_cast<long long>(kt * s.kernel + kf) * inGroup * s.out + o;
      for (int c = 0; c < inGroup; c++) sum = fmaf(taps[static_cast<long long>(c) * s.out], from[c], sum);
    }
  }
  long long to = (static_cast<long long>(row) * s.outTime + t) * s.outFrequency * s.out + i;
  y[to] = t < outLengths[row] ? sum : 0.f;
}
