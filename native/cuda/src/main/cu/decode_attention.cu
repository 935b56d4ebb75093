// One step of decoding: y = softmax(scale · q·K) · V for one query a batch row, over a cache. Keys and
// values of the step are turned and written to the cache on the way, so nothing runs before this. How
// far the cache is filled is read from device memory: one captured launch serves every step.
//
//   blocks    x: chunks of keys     y: key heads     z: batch rows
//   chunk     turned queries of all heads that share the key head lie in shared memory beside the
//             keys: K and V are read once, whatever the heads (GQA; Ainslie et al. 2023, arXiv
//             2305.13245)
//
// Each block leaves sums, maximum and total of its chunk; the last one to come adds them up
// (split-K; Flash-Decoding, Dao et al. 2023). Blocks beyond the filled part end at once.
// Floor: K and V of the filled part, once; 4 · headDim operations a query head and key.
#include "k.cuh"

constexpr int kDecodeThreads = 128;
constexpr int kHeadGroup = 4;
constexpr float kLeast = -1e30f;

struct Decode {
  int heads, kvHeads, headDim;
  /** Channels turned, and frames from one batch row of the cache to the next. */
  int dims, frames;
  /** Keys of a chunk, and chunks of a full cache. */
  int chunk, chunks;
  float scale;
};

struct alignas(16) FourWeights {
  float of[kHeadGroup];
};

/** Channel c of a head, turned by the angles of a position. */
DEVICE float turned(const float* head, const float* angles, int c, int dims) {
  float value = head[c];
  if (c >= dims) return value;
  int half = dims / 2, pair = c < half ? c : c - half;
  float partner = head[c < half ? c + half : c - half];
  return fmaf(value, angles[2 * pair], (c < half ? -partner : partner) * angles[2 * pair + 1]);
}

KERNEL __launch_bounds__(kDecodeThreads) decode_attention(
    const float* q, const float* k, const float* v, const float* table, float* keyCache, float* valueCache,
    const int* filled, float* partSums, float* partStatistics, int* arrived, float* y, Decode s) {
  extern __shared__ float decodeMemory[];
  __shared__ int isLast;
  int position = *filled, length = position + 1;
  int active = (length + s.chunk - 1) / s.chunk;
  int split = blockIdx.x, kvHead = blockIdx.y, row = blockIdx.z;
  if (split >= active) return;

  int headDim = s.headDim, stride = headDim | 1;
  int group = s.heads / s.kvHeads, groups = (group + kHeadGroup - 1) / kHeadGroup;
  int first = split * s.chunk, count = smaller(s.chunk, length - first);
  float* queries = decodeMemory;                     // [group, headDim]
  float* keys = queries + group * headDim;        // [chunk, stride]
  float* statistics = keys + s.chunk * stride;    // [group, 2]: maximum and total
  float* weights = statistics + groups * kHeadGroup * 2;
  weights += -(weights - decodeMemory) & 3;             // [groups, chunk, kHeadGroup], aligned

  int kvChannels = s.kvHeads * headDim;
  const float* angles = table + static_cast<long long>(position) * s.dims;
  const float* newKey = k + static_cast<long long>(row) * kvChannels + kvHead * headDim;
  const float* newValue = v + static_cast<long long>(row) * kvChannels + kvHead * headDim;
  const float* query = q + (static_cast<long long>(row) * s.heads + kvHead * group) * headDim;
  long long cache = static_cast<long long>(row) * s.frames * kvChannels + kvHead * headDim;

  for (int i = threadIdx.x; i < group * headDim; i += blockDim.x) {
    int c = i % headDim;
    queries[i] = turned(query + i - c, angles, c, s.dims);
  }
  for (int i = threadIdx.x; i < count * headDim; i += blockDim.x) {
    int key = i / headDim, c = i % headDim;
    long long at = cache + static_cast<long long>(first + key) * kvChannels + c;
    float value;
    if (first + key == position) {
      value = turned(newKey, angles, c, s.dims);
      keyCache[at] = value;
      valueCache[at] = newValue[c];
    } else {
      value = keyCache[at];
    }
    keys[key * stride + c] = value;
  }
  __syncthreads();

  for (int i = threadIdx.x; i < groups * kHeadGroup * s.chunk; i += blockDim.x) {
    int head = i / s.chunk, key = i % s.chunk;
    float score = kLeast;
    if (head < group && key < count) {
      score = 0;
      for (int c = 0; c < headDim; c++) score = fmaf(queries[head * headDim + c], keys[key * stride + c], score);
      score *= s.scale;
    }
    weights[(head / kHeadGroup * s.chunk + key) * kHeadGroup + head % kHeadGroup] = score;
  }
  __syncthreads();

  int lane = threadIdx.x % kWarp;
  for (int head = threadIdx.x / kWarp; head < groups * kHeadGroup; head += blockDim.x / kWarp) {
    float* own = weights + head / kHeadGroup * s.chunk * kHeadGroup + head % kHeadGroup;
    float maximum = kLeast, total = 0;
    for (int key = lane; key < s.chunk; key += kWarp) maximum = larger(maximum, own[key * kHeadGroup]);
    maximum = maximumOfWarp(maximum);
    for (int key = lane; key < s.chunk; key += kWarp) {
      float weight = head < group && key < count ? exponential(own[key * kHeadGroup] - maximum) : 0.f;
      own[key * kHeadGroup] = weight;
      total += weight;
    }
    total = sumOfWarp(total);
    if (lane == 0) {
      statistics[head * 2] = maximum;
      statistics[head * 2 + 1] = total;
    }
  }
  __syncthreads();

  bool whole = active == 1;
  long long firstHead = static_cast<long long>(row) * s.heads + kvHead * group;
  for (int i = threadIdx.x; i < groups * headDim; i += blockDim.x) {
    int four = i / headDim, c = i % headDim;
    const FourWeights* own = reinterpret_cast<const FourWeights*>(weights) + four * s.chunk;
    const float* value = valueCache + cache + static_cast<long long>(first) * kvChannels + c;
    float sums[kHeadGroup] = {};
    for (int key = 0; key < count; key++) {
      // The step's own value comes from where it came from, not through the cache.
      float number = first + key == position ? newValue[c] : value[static_cast<long long>(key) * kvChannels];
      FourWeights w = own[key];
#pragma unroll
      for (int j = 0; j < kHeadGroup; j++) sums[j] = fmaf(w.of[j], number, sums[j]);
    }
#pragma unroll
    for (int j = 0; j < kHeadGroup; j++) {
      int head = four * kHeadGroup + j;
      if (head >= group) break;
      if (whole) y[(firstHead + head) * headDim + c] = sums[j] * reciprocal(statistics[head * 2 + 1]);
      else partSums[((firstHead + head) * s.chunks + split) * headDim + c] = sums[j];
    }
  }
  if (whole) return;
  for (int i = threadIdx.x; i < group * 2; i += blockDim.x) {
    partStatistics[((firstHead + i / 2) * s.chunks + split) * 2 + i % 2] = statistics[i];
  }

  // What this block wrote is seen by whoever sees it counted.
  threadFence();
  __syncthreads();
  if (threadIdx.x == 0) {
    int* counter = arrived + row * s.kvHeads + kvHead;
    isLast = atomicAddGlobal(counter, 1) == active - 1;
    if (isLast) *counter = 0;
  }
  __syncthreads();
  if (!isLast) return;
  threadFence();
  for (int i = threadIdx.x; i < group * headDim; i += blockDim.x) {
    int c = i % headDim;
    long long head = firstHead + i / headDim;
    const float* own = partStatistics + head * s.chunks * 2;
    float maximum = kLeast, total = 0, sum = 0;
    for (int part = 0; part < active; part++) maximum = larger(maximum, own[part * 2]);
    for (int part = 0; part < active; part++) {
      float weight = exponential(own[part * 2] - maximum);
      total = fmaf(weight, own[part * 2 + 1], total);
      sum = fmaf(weight, partSums[(head * s.chunks + part) * headDim + c], sum);
    }
    y[head * headDim + c] = sum * reciprocal(total);
  }
}
