// Copies of whole frames: cut, joined, repeated. One thread an element of the result.
// Floor: 8 bytes an element; no more is moved.
#include "k.cuh"

// y[row, t, :] = x[row, starts[row] + t, :] for t below lengths[row], 0 beyond.
KERNEL slice_time(const float* x, const int* starts, const int* lengths, float* y, int count, int xTime,
                  int yTime, int channels) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) return;
  int t = i / channels % yTime;
  int row = i / channels / yTime;
  long long from = (static_cast<long long>(row) * xTime + starts[row] + t) * channels + i % channels;
  y[i] = t < lengths[row] ? x[from] : 0.f;
}

// y[row, at[row] + t, :] = x[row, t, :] for t below lengths[row]: one part of a concatenation. With
// x = 0 the frames from at[row] on become 0.
KERNEL append_time(const float* x, const int* at, const int* lengths, float* y, int count, int xTime,
                   int yTime, int channels) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) return;
  int t = i / channels % xTime;
  int row = i / channels / xTime;
  if (t >= lengths[row]) return;
  y[(static_cast<long long>(row) * yTime + at[row] + t) * channels + i % channels] = x ? x[i] : 0.f;
}

// y[frame, :] = x[frame / factor, :].
KERNEL upsample_time(const float* x, float* y, int count, int factor, int channels) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) y[i] = x[static_cast<long long>(i / channels / factor) * channels + i % channels];
}
