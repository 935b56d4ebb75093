// y[row, t, o] = bias[o] + sum over taps k and inputs i of the group:
//   x[row, t·stride + k·dilation - padLeft, i] · W[k, i, o]
// Frames past lengths[row] are read as 0; those past outLengths[row] are written as 0. The weight lies
// as [kernel, in / groups, out], so that the threads of a warp, side by side along o, read side by
// side; the numbers of x are the same for all outputs of a group and come from cache. A thread has
// kFrames output frames: each weight read serves them all.
//
//            o ->
//   t  +-----------------+
//   |  | 1 thread: o,    |   a block: 128 outputs of kFrames frames of one row
//   v  | kFrames frames  |
//      +-----------------+
//
// Floor: x, y and W once; 2 · kernel · in / groups operations an element of y.
#include "k.cuh"

constexpr int kFrames = 4;

struct Conv1d {
  int time, in, outTime, out, kernel, stride, dilation, padLeft, groups;
};

KERNEL conv1d(const float* x, const float* weight, const float* bias, const int* lengths,
              const int* outLengths, float* y, Conv1d s) {
  int o = blockIdx.y * blockDim.x + threadIdx.x;
  int first = blockIdx.x * kFrames;
  int row = blockIdx.z;
  if (o >= s.out) return;
  int inGroup = s.in / s.groups;
  int valid = lengths[row];
  int validOut = outLengths[row];
  const float* from = x + static_cast<long long>(row) * s.time * s.in + o / (s.out / s.groups) * inGroup;
  float sums[kFrames];
  for (int f = 0; f < kFrames; f++) sums[f] = bias ? bias[o] : 0.f;
  for (int k = 0; k < s.kernel; k++) {
    const float* taps = weight + static_cast<long long>(k) * inGroup * s.out + o;
    int at = first * s.stride + k * s.dilation - s.padLeft;
    for (int i = 0; i < inGroup; i++) {
      float w = taps[static_cast<long long>(i) * s.out];
#pragma unroll
      for (int f = 0; f < kFrames; f++) {
        int t = at + f * s.stride;
        if (t >= 0 && t < valid) sums[f] = fmaf(w, from[static_cast<long long>(t) * s.in + i], sums[f]);
      }
    }
  }
  for (int f = 0; f < kFrames; f++) {
    int t = first + f;
    if (t < s.outTime) y[(static_cast<long long>(row) * s.outTime + t) * s.out + o] = t < validOut ? sums[f] : 0.f;
  }
}
