// What products of a few rows share: y = f(N(x)·Wᵀ + b) + r, with N a norm over the channels of x or
// none. One launch may do up to three matrices side by side (queries, keys and values), or a gate and
// its other half: y = f(N(x)·Gᵀ) ⊙ (N(x)·Uᵀ).
//
//   tile of x    [rows, 1024]   normalised on its way into shared memory, once a block; read from
//                               there by all warps
//   weights      read once, whatever the rows, as they lie
#pragma once
#include "activation.cuh"

constexpr int kMostRows = 8;
constexpr int kMostParts = 3;
constexpr int kTile = 1024;
/** Floats of a row in shared memory: a format may leave one out after every 32. */
constexpr int kTileStride = kTile + kTile / 32;

enum Norm { kNoNorm, kLayerNorm, kRmsNorm };

struct FewRows {
  int rows, in;
  int norm;
  float epsilon;
  int activation;
  /** Outputs of the parts, 0 for none. */
  int out[kMostParts];
};

/** A matrix with its bias, its result and what is added to that, each but the matrix may be absent. */
struct Part {
  const void* weight;
  const float* bias;
  const float* residual;
  float* y;
};

/** Sum over the threads of a block, in every thread. */
DEVICE float sumOfBlock(float x, float* parts) {
  int warps = blockDim.x / kWarp;
  x = sumOfWarp(x);
  __syncthreads();
  if (threadIdx.x % kWarp == 0) parts[threadIdx.x / kWarp] = x;
  __syncthreads();
  float sum = 0;
  for (int warp = 0; warp < warps; warp++) sum += parts[warp];
  return sum;
}

/** What a row is normalised by. */
struct RowStatistics {
  float mean, factor;
};

/** The rows of x, a tile at a time, normalised. */
template <class Format>
struct Tiles {
  const float* x;
  const float* gain;
  const float* bias;
  const FewRows& s;
  float* memory;
  RowStatistics* statistics;

  /** parts: a float a warp, and statistics: one a row, in shared memory. */
  DEVICE_MEMBER Tiles(const float* x, const float* gain, const float* bias, const FewRows& s, float* memory,
                      float* parts, RowStatistics* statistics)
      : x(x), gain(gain), bias(bias), s(s), memory(memory), statistics(statistics) {
#pragma unroll 1
    for (int row = 0; row < s.rows; row++) {
      if (s.norm == kNoNorm) {
        if (threadIdx.x == 0) statistics[row] = {0, 1};
        continue;
      }
      const float* from = x + static_cast<long long>(row) * s.in;
      float mean = 0, squares = 0;
      if (s.norm == kLayerNorm) {
        for (int c = threadIdx.x; c < s.in; c += blockDim.x) mean += from[c];
        mean = sumOfBlock(mean, parts) / s.in;
      }
      for (int c = threadIdx.x; c < s.in; c += blockDim.x) squares = fmaf(from[c] - mean, from[c] - mean, squares);
      squares = sumOfBlock(squares, parts);
      if (threadIdx.x == 0) statistics[row] = {mean, reciprocal(squareRoot(squares / s.in + s.epsilon))};
    }
  }

  /** Fills the tile that begins at a channel, with zeros behind the last one. */
  DEVICE_MEMBER void fill(int first) {
    __syncthreads();
    int width = smaller(kTile, (s.in - first + 63) / 64 * 64);
#pragma unroll 1
    for (int row = 0; row < s.rows; row++) {
      const float* from = x + static_cast<long long>(row) * s.in + first;
      RowStatistics by = statistics[row];
#pragma unroll 1
      for (int c = threadIdx.x; c < width; c += blockDim.x) {
        float value = 0;
        if (first + c < s.in) {
          value = from[c];
          if (s.norm != kNoNorm) {
            value = (value - by.mean) * by.factor;
            value = fmaf(value, gain ? gain[first + c] : 1.f, bias ? bias[first + c] : 0.f);
          }
        }
        memory[row * kTileStride + Format::slot(c)] = value;
      }
    }
    __syncthreads();
  }
};

/** f(sum + bias) + residual, or f(gate) · other half. */
DEVICE void put(const Part& part, const FewRows& s, int row, int o, int out, float sum) {
  long long at = static_cast<long long>(row) * out + o;
  float y = activation(s.activation, sum + (part.bias ? part.bias[o] : 0.f));
  part.y[at] = part.residual ? part.residual[at] + y : y;
}

#define FEW_ROWS_ARGUMENTS                                                                                \
  const float *x, const float *gain, const float *normBias, const void *weight0, const float *bias0,      \
      const float *residual0, float *y0, const void *weight1, const float *bias1, float *y1,              \
      const void *weight2, const float *bias2, float *y2, FewRows s
