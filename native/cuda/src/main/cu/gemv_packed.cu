// Products of up to 8 rows with matrices in panels of 8 or 4 bits, see few_rows.cuh: a panel is read
// once as it lies, and widened in registers.
//
//   a block: one panel, 16 outputs      warp w takes the slabs w, w + 4, w + 8, ... of 64 steps
//   lane    0 .. 15 | 16 .. 31          the first half warp takes steps 0 to 31 of a slab, the second
//   output  0 .. 15 |  0 .. 15          steps 32 to 63: two lines of 64 bytes a load
//
// Half warps and warps add up at the end, through a shuffle and shared memory.
// Floor: the bytes of the panels, once: 8.5 or 4.5 bits a weight; 2 · rows · in · out operations.
#include "few_rows.cuh"
#include "panels.cuh"

constexpr int kPanelWarps = 4;

/** One float is left out after every 32, so that the half warps, 32 steps apart, meet no bank twice. */
struct Spread {
  static DEVICE_MEMBER int slot(int c) { return c + c / kBlock; }
};

/** The sum of four codes, in the bytes of a word, with the activations of as many steps. */
template <int kRows>
DEVICE void addFour(const float* x, int rows, unsigned codes, int zero, float* sums) {
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float code = static_cast<float>(static_cast<int>(codes >> (8 * i) & 255) - zero);
#pragma unroll
    for (int row = 0; row < kRows; row++) {
      if (row < rows) sums[row] = fmaf(code, x[row * kTileStride + i], sums[row]);
    }
  }
}

/** x: the tile from the half slab's first step on. */
template <int kRows>
DEVICE void addSlab(Int8, const byte* panel, int slab, int output, int half, const float* x, int rows,
                    float* totals) {
  const byte* from = Int8::slab(panel, slab);
  unsigned scales = wordAt(from + output * 4);
  float scale = __uint_as_float(half == 0 ? scales << 16 : scales & 0xffff0000u);
  float sums[kRows] = {};
#pragma unroll kRows == 1 ? 8 : 1
  for (int j = 0; j < 8; j++) {
    unsigned codes = wordAt(from + (1 + 8 * half + j) * kLine + output * 4);
    addFour<kRows>(x + 4 * j, rows, codes, 128, sums);
  }
#pragma unroll
  for (int row = 0; row < kRows; row++) totals[row] = fmaf(scale, sums[row], totals[row]);
}

template <int kRows>
DEVICE void addSlab(Int4, const byte* panel, int slab, int output, int half, const float* x, int rows,
                    float* totals) {
  const byte* from = Int4::slab(panel, slab);
  unsigned units = wordAt(from + output * 4);
  float scale = Int4::scaleUnit(panel, output) * Int4::scale(units, half);
  float offset = Int4::offsetUnit(panel, output) * Int4::offset(units, half);
  float sums[kRows] = {}, plain[kRows] = {};
#pragma unroll kRows == 1 ? 4 : 1
  for (int j = 0; j < 4; j++) {
    unsigned codes = wordAt(from + (1 + 4 * half + j) * kLine + output * 4);
    addFour<kRows>(x + 8 * j, rows, codes & 0x0f0f0f0fu, 0, sums);
    addFour<kRows>(x + 8 * j + 4, rows, codes >> 4 & 0x0f0f0f0fu, 0, sums);
  }
  // The offset is shared by the steps of a block: it meets the sum of their activations.
#pragma unroll kRows == 1 ? kBlock : 4
  for (int i = 0; i < kBlock; i++) {
#pragma unroll
    for (int row = 0; row < kRows; row++) {
      if (row < rows) plain[row] += x[row * kTileStride + i];
    }
  }
#pragma unroll
  for (int row = 0; row < kRows; row++) totals[row] += fmaf(scale, sums[row], offset * plain[row]);
}

template <class Format, bool kGated, int kRows>
DEVICE void panelProduct(Tiles<Spread>& tiles, float (*parts)[kPanelWarps][kMostRows][kPanelRows], const Part& part,
                         const void* otherWeight, int block, int out, const FewRows& s) {
  int lane = threadIdx.x % kWarp, warp = threadIdx.x / kWarp;
  int output = lane % kPanelRows, half = lane / kPanelRows;
  long long at = block * Format::panelBytes(s.in);
  const byte* panel = static_cast<const byte*>(part.weight) + at;
  const byte* other = static_cast<const byte*>(otherWeight) + at;
  float totals[kRows] = {}, others[kRows] = {};
  for (int first = 0; first < s.in; first += kTile) {
    tiles.fill(first);
    int end = smaller(first + kTile, s.in);
    for (int slab = first / kSlab + warp; slab * kSlab < end; slab += kPanelWarps) {
      const float* x = tiles.memory + Spread::slot(slab * kSlab - first + half * kBlock);
      addSlab<kRows>(Format(), panel, slab, output, half, x, s.rows, totals);
      if (kGated) addSlab<kRows>(Format(), other, slab, output, half, x, s.rows, others);
    }
  }
#pragma unroll
  for (int row = 0; row < kRows; row++) {
    float sum = totals[row] + __shfl_xor_sync(kAllLanes, totals[row], kPanelRows);
    if (half == 0) parts[0][warp][row][output] = sum;
    if (!kGated) continue;
    sum = others[row] + __shfl_xor_sync(kAllLanes, others[row], kPanelRows);
    if (half == 0) parts[1][warp][row][output] = sum;
  }
  __syncthreads();
  for (int i = threadIdx.x; i < s.rows * kPanelRows; i += blockDim.x) {
    int row = i / kPanelRows, o = block * kPanelRows + i % kPanelRows;
    if (o >= out) continue;
    float sum = 0, gated = 0;
    for (int w = 0; w < kPanelWarps; w++) {
      sum += parts[0][w][row][i % kPanelRows];
      if (kGated) gated += parts[1][w][row][i % kPanelRows];
    }
    if (kGated) part.y[static_cast<long long>(row) * out + o] = activation(s.activation, sum) * gated;
    else put(part, s, row, o, out, sum);
  }
}

template <class Format, bool kGated>
DEVICE void gemvPacked(FEW_ROWS_ARGUMENTS) {
  extern __shared__ float memory[];
  __shared__ float sums[kPanelWarps];
  __shared__ RowStatistics statistics[kMostRows];
  __shared__ float parts[kGated ? 2 : 1][kPanelWarps][kMostRows][kPanelRows];
  int block = blockIdx.x, out = s.out[0];
  Part part = {weight0, bias0, residual0, y0};
  if (!kGated) {
    int panels = (s.out[0] + kPanelRows - 1) / kPanelRows;
    if (block >= panels) {
      block -= panels;
      panels = (s.out[1] + kPanelRows - 1) / kPanelRows;
      bool second = block < panels;
      if (!second) block -= panels;
      out = second ? s.out[1] : s.out[2];
      part = {second ? weight1 : weight2, second ? bias1 : bias2, nullptr, second ? y1 : y2};
    }
  }
  Tiles<Spread> tiles(x, gain, normBias, s, memory, sums, statistics);
  if (s.rows == 1) panelProduct<Format, kGated, 1>(tiles, parts, part, weight1, block, out, s);
  else panelProduct<Format, kGated, kMostRows>(tiles, parts, part, weight1, block, out, s);
}

#define GEMV_PACKED(name, Format, gated)                                                              \
  KERNEL __launch_bounds__(kPanelWarps * kWarp) name(FEW_ROWS_ARGUMENTS) {                            \
    gemvPacked<Format, gated>(x, gain, normBias, weight0, bias0, residual0, y0, weight1, bias1, y1,   \
                              weight2, bias2, y2, s);                                                 \
  }

GEMV_PACKED(gemv_int8, Int8, false)
GEMV_PACKED(gemv_int4, Int4, false)
GEMV_PACKED(gated_int8, Int8, true)
GEMV_PACKED(gated_int4, Int4, true)
