// Products of up to 8 rows with matrices that lie row by row: see few_rows.cuh.
//
//        i ->                      lane 0 | 1 | 2 | ... | 31 | 0 | 1 ...   16 bytes each
//   W    [o ==================]    warp o reads its row of W from end to end
//   x    [row 0 ==============]    and each row of x beside it, from shared memory
//
// Floor: the bytes of W, once, and of x; 2 · rows · in · out operations, far below the arithmetic's
// limit.
#include "few_rows.cuh"

constexpr int kGemvWarps = 8;

struct alignas(16) FourFloats {
  float of[4];
};
struct alignas(16) EightHalves {
  unsigned pair[4];
};

/** Lanes take four neighbours each, so x lies as it is. */
struct F32 {
  typedef float Number;
  typedef FourFloats Vector;
  static constexpr int kPer = 4;
  static DEVICE_MEMBER int slot(int c) { return c; }
  static DEVICE_MEMBER float get(const Vector& v, int i) { return v.of[i]; }
};

/** Lanes take eight: x lies in two planes of every other four, which lanes read side by side. */
struct Bf16 {
  typedef bf16 Number;
  typedef EightHalves Vector;
  static constexpr int kPer = 8;
  static DEVICE_MEMBER int slot(int c) { return (c & ~255) + (c >> 2 & 1) * 128 + (c >> 3 & 31) * 4 + (c & 3); }
  static DEVICE_MEMBER float get(const Vector& v, int i) {
    unsigned pair = v.pair[i / 2];
    return __uint_as_float(i % 2 == 0 ? pair << 16 : pair & 0xffff0000u);
  }
};

/** Adds the products of a row of W with the tile, this lane's share. */
template <class Format, int kRows>
DEVICE void addTile(const typename Format::Number* weight, const float* tile, int width, bool aligned, int rows,
                    float* sums) {
  int lane = threadIdx.x % kWarp;
  if (!aligned) {
    for (int c = lane; c < width; c += kWarp) {
      float w = number(weight[c]);
#pragma unroll
      for (int row = 0; row < kRows; row++) {
        if (row < rows) sums[row] = fmaf(w, tile[row * kTileStride + Format::slot(c)], sums[row]);
      }
    }
    return;
  }
#pragma unroll kRows == 1 ? 4 : 1
  for (int c = lane * Format::kPer; c < width; c += kWarp * Format::kPer) {
    typename Format::Vector w = *reinterpret_cast<const typename Format::Vector*>(weight + c);
#pragma unroll
    for (int row = 0; row < kRows; row++) {
      if (row >= rows) continue;
#pragma unroll
      for (int four = 0; four < Format::kPer; four += 4) {
        FourFloats x = *reinterpret_cast<const FourFloats*>(tile + row * kTileStride + Format::slot(c + four));
#pragma unroll
        for (int i = 0; i < 4; i++) sums[row] = fmaf(Format::get(w, four + i), x.of[i], sums[row]);
      }
    }
  }
}

template <class Format, bool kGated, int kRows>
DEVICE void product(Tiles<Format>& tiles, const Part& part, const void* otherWeight, int o, int out,
                    const FewRows& s) {
  typedef typename Format::Number Number;
  const Number* weight = static_cast<const Number*>(part.weight) + static_cast<long long>(o) * s.in;
  const Number* other = static_cast<const Number*>(otherWeight) + static_cast<long long>(o) * s.in;
  bool aligned = s.in % Format::kPer == 0;
  float sums[kRows] = {}, others[kRows] = {};
  for (int first = 0; first < s.in; first += kTile) {
    tiles.fill(first);
    if (o >= out) continue;
    int width = smaller(kTile, s.in - first);
    addTile<Format, kRows>(weight + first, tiles.memory, width, aligned, s.rows, sums);
    if (kGated) addTile<Format, kRows>(other + first, tiles.memory, width, aligned, s.rows, others);
  }
  if (o >= out) return;
  // Lane r ends with the sums of row r.
  int lane = threadIdx.x % kWarp;
  float own = 0, half = 0;
#pragma unroll
  for (int row = 0; row < kRows; row++) {
    float sum = sumOfWarp(sums[row]);
    float other = kGated ? sumOfWarp(others[row]) : 0.f;
    own = lane == row ? sum : own;
    half = lane == row ? other : half;
  }
  if (lane >= s.rows) return;
  if (kGated) part.y[static_cast<long long>(lane) * out + o] = activation(s.activation, own) * half;
  else put(part, s, lane, o, out, own);
}

template <class Format, bool kGated>
DEVICE void gemv(FEW_ROWS_ARGUMENTS) {
  extern __shared__ float memory[];
  __shared__ float parts[kGemvWarps];
  __shared__ RowStatistics statistics[kMostRows];
  int block = blockIdx.x, out = s.out[0];
  Part part = {weight0, bias0, residual0, y0};
  if (!kGated) {
    int blocks = (s.out[0] + kGemvWarps - 1) / kGemvWarps;
    if (block >= blocks) {
      block -= blocks;
      blocks = (s.out[1] + kGemvWarps - 1) / kGemvWarps;
      bool second = block < blocks;
      if (!second) block -= blocks;
      out = second ? s.out[1] : s.out[2];
      part = {second ? weight1 : weight2, second ? bias1 : bias2, nullptr, second ? y1 : y2};
    }
  }
  int o = block * kGemvWarps + threadIdx.x / kWarp;
  Tiles<Format> tiles(x, gain, normBias, s, memory, parts, statistics);
  if (s.rows == 1) product<Format, kGated, 1>(tiles, part, weight1, o, out, s);
  else product<Format, kGated, kMostRows>(tiles, part, weight1, o, out, s);
}

#define GEMV(name, Format, gated)                                                                     \
  KERNEL __launch_bounds__(kGemvWarps * kWarp, 4) name(FEW_ROWS_ARGUMENTS) {                             \
    gemv<Format, gated>(x, gain, normBias, weight0, bias0, residual0, y0, weight1, bias1, y1, weight2, \
                        bias2, y2, s);                                                                \
  }

GEMV(gemv_f32, F32, false)
GEMV(gemv_bf16, Bf16, false)
GEMV(gated_f32, F32, true)
GEMV(gated_bf16, Bf16, true)
