// y[row, o] = bias[o] + sum over i of x[row, i] · W[o, i], for up to 8 rows: W is read once, whatever
// the rows. A warp an output, lanes side by side along i; x stays in cache.
//
//        i ->                    lane 0 1 2 ... 31 | 0 1 2 ...
//   W    [o ==================]  warp o reads its row of W from end to end
//   x    [row 0 ==============]  and each row of x beside it
//
// Floor: the bytes of W, once; 2 · rows · in · out operations, far below the arithmetic's limit.
#include "activation.cuh"

constexpr int kRows = 8;

template <class T>
DEVICE void gemv(const float* x, const T* weight, const float* bias, float* y, int rows, int in, int out,
                 int kind) {
  int o = (blockIdx.x * blockDim.x + threadIdx.x) / kWarp;
  int lane = threadIdx.x % kWarp;
  if (o >= out) return;
  const T* from = weight + static_cast<long long>(o) * in;
  float sums[kRows] = {};
  for (int i = lane; i < in; i += kWarp) {
    float w = number(from[i]);
#pragma unroll
    for (int row = 0; row < kRows; row++) {
      if (row < rows) sums[row] = fmaf(w, x[static_cast<long long>(row) * in + i], sums[row]);
    }
  }
#pragma unroll
  for (int row = 0; row < kRows; row++) {
    if (row < rows) {
      float sum = sumOfWarp(sums[row]);
      if (lane == 0) y[static_cast<long long>(row) * out + o] = activation(kind, sum + (bias ? bias[o] : 0.f));
    }
  }
}

KERNEL gemv_f32(const float* x, const float* weight, const float* bias, float* y, int rows, int in, int out,
                int kind) {
  gemv(x, weight, bias, y, rows, in, out, kind);
}

KERNEL gemv_bf16(const float* x, const bf16* weight, const float* bias, float* y, int rows, int in, int out,
                 int kind) {
  gemv(x, weight, bias, y, rows, in, out, kind);
}
