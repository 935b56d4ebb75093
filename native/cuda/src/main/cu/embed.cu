// y[i, :] = table[ids[i], :]. A block a row, threads side by side.
// Floor: one row of the table and 4 bytes an element of y.
#include "k.cuh"

template <class T>
DEVICE void embed(const int* ids, const T* table, float* y, int channels) {
  long long row = blockIdx.x;
  const T* from = table + static_cast<long long>(ids[row]) * channels;
  for (int c = threadIdx.x; c < channels; c += blockDim.x) y[row * channels + c] = number(from[c]);
}

KERNEL embed_f32(const int* ids, const float* table, float* y, int channels) { embed(ids, table, y, channels); }
KERNEL embed_bf16(const int* ids, const bf16* table, float* y, int channels) { embed(ids, table, y, channels); }
