// y[row, o] = f(bias[o] + sum over i of x[row, i] · W[o, i]) for up to 8 rows, W packed as 8 or 4 bits:
// it is read once as it lies, and widened in registers.
//
//   a block: one panel, 16 outputs      warp w takes the slabs w, w + 4, w + 8, ... of 64 steps
//   lane    0 .. 15 | 16 .. 31          the first half warp takes steps 0 to 31 of a slab, the second
//   output  0 .. 15 |  0 .. 15          steps 32 to 63: two lines of 64 bytes a load
//
// Half warps and warps add up at the end, through a shuffle and shared memory.
// Floor: the bytes of the panels, once: 8.5 or 4.5 bits a weight; 2 · rows · in · out operations.
#include "activation.cuh"
#include "panels.cuh"

constexpr int kMostRows = 8;
constexpr int kPanelWarps = 4;

/** The sum of four codes, in the bytes of a word, with the activations of as many steps. */
DEVICE void addFour(const float* x, int rows, int in, int k, unsigned codes, int zero, float* sums) {
#pragma unroll
  for (int i = 0; i < 4; i++) {
    if (k + i >= in) break;
    float code = static_cast<float>(static_cast<int>(codes >> (8 * i) & 255) - zero);
#pragma unroll
    for (int row = 0; row < kMostRows; row++) {
      if (row < rows) sums[row] = fmaf(code, x[static_cast<long long>(row) * in + k + i], sums[row]);
    }
  }
}

/** The activations of a block of steps added up, for the offset that its weights share. */
DEVICE void addPlain(const float* x, int rows, int in, int k, float* sums) {
  for (int i = k; i < smaller(k + kBlock, in); i++) {
#pragma unroll
    for (int row = 0; row < kMostRows; row++) {
      if (row < rows) sums[row] += x[static_cast<long long>(row) * in + i];
    }
  }
}

DEVICE void addSlab(Int8, const byte* panel, int slab, int output, int half, const float* x, int rows, int in,
                    float* totals) {
  const byte* from = Int8::slab(panel, slab);
  unsigned scales = wordAt(from + output * 4);
  float scale = __uint_as_float(half == 0 ? scales << 16 : scales & 0xffff0000u);
  float sums[kMostRows] = {};
#pragma unroll
  for (int j = 0; j < 8; j++) {
    unsigned codes = wordAt(from + (1 + 8 * half + j) * kLine + output * 4);
    addFour(x, rows, in, slab * kSlab + half * kBlock + 4 * j, codes, 128, sums);
  }
#pragma unroll
  for (int row = 0; row < kMostRows; row++) totals[row] = fmaf(scale, sums[row], totals[row]);
}

DEVICE void addSlab(Int4, const byte* panel, int slab, int output, int half, const float* x, int rows, int in,
                    float* totals) {
  const byte* from = Int4::slab(panel, slab);
  unsigned units = wordAt(from + output * 4);
  float scale = Int4::scaleUnit(panel, output) * Int4::scale(units, half);
  float offset = Int4::offsetUnit(panel, output) * Int4::offset(units, half);
  int first = slab * kSlab + half * kBlock;
  float sums[kMostRows] = {}, plain[kMostRows] = {};
#pragma unroll
  for (int j = 0; j < 4; j++) {
    unsigned codes = wordAt(from + (1 + 4 * half + j) * kLine + output * 4);
    addFour(x, rows, in, first + 8 * j, codes & 0x0f0f0f0fu, 0, sums);
    addFour(x, rows, in, first + 8 * j + 4, codes >> 4 & 0x0f0f0f0fu, 0, sums);
  }
  addPlain(x, rows, in, first, plain);
#pragma unroll
  for (int row = 0; row < kMostRows; row++) totals[row] += fmaf(scale, sums[row], offset * plain[row]);
}

template <class Format>
DEVICE void gemvPacked(const float* x, const byte* panels, const float* bias, float* y, int rows, int in, int out,
                       int kind) {
  __shared__ float parts[kPanelWarps][kMostRows][kPanelRows];
  int lane = threadIdx.x % kWarp, warp = threadIdx.x / kWarp;
  int output = lane % kPanelRows, half = lane / kPanelRows;
  const byte* panel = panels + blockIdx.x * Format::panelBytes(in);
  float totals[kMostRows] = {};
  for (int slab = warp; slab * kSlab < in; slab += kPanelWarps) {
    addSlab(Format(), panel, slab, output, half, x, rows, in, totals);
  }
#pragma unroll
  for (int row = 0; row < kMostRows; row++) {
    float sum = totals[row] + __shfl_xor_sync(kAllLanes, totals[row], kPanelRows);
    if (half == 0) parts[warp][row][output] = sum;
  }
  __syncthreads();
  for (int i = threadIdx.x; i < rows * kPanelRows; i += blockDim.x) {
    int row = i / kPanelRows, o = blockIdx.x * kPanelRows + i % kPanelRows;
    if (o >= out) continue;
    float sum = bias ? bias[o] : 0.f;
    for (int part = 0; part < kPanelWarps; part++) sum += parts[part][row][i % kPanelRows];
    y[static_cast<long long>(row) * out + o] = activation(kind, sum);
  }
}

KERNEL gemv_int8(const float* x, const byte* panels, const float* bias, float* y, int rows, int in, int out, int kind) {
  gemvPacked<Int8>(x, panels, bias, y, rows, in, out, kind);
}

KERNEL gemv_int4(const float* x, const byte* panels, const float* bias, float* y, int rows, int in, int out, int kind) {
  gemvPacked<Int4>(x, panels, bias, y, rows, in, out, kind);
}
