// y[row, yStart + t, :] = x[row, t, :], the first dims channels of each head turned by the angles of
// position start + t: channel c pairs with c + dims / 2. With dims = 0 it is a copy. So queries are
// turned, keys are turned on their way into the cache, values are copied there. The table holds cos
// and sin of every position and pair, [position, dims / 2, 2]: host code takes them of exact angles.
// One thread an element.
// Floor: 8 bytes an element and the table's rows; the partner comes from cache.
#include "k.cuh"

struct Rotary {
  int time, heads, headDim, dims, start, yTime, yStart;
};

KERNEL rotary(const float* x, const float* table, float* y, int count, Rotary s) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) return;
  int channels = s.heads * s.headDim;
  int frame = i / channels;
  int row = frame / s.time, t = frame % s.time;
  int c = i % s.headDim, half = s.dims / 2;
  float turned = x[i];
  if (c < s.dims) {
    int pair = c < half ? c : c - half;
    const float* turn = table + (static_cast<long long>(s.start + t) * half + pair) * 2;
    float partner = x[c < half ? i + half : i - half];
    turned = fmaf(turned, turn[0], (c < half ? -partner : partner) * turn[1]);
  }
  y[(static_cast<long long>(row) * s.yTime + s.yStart + t) * channels + i % channels] = turned;
}
