// y = rows of a packed matrix as float32: all of them, for a product of many rows in the matrix
// library, or those of ids, for an embedding. One thread a number, neighbours along the depth.
// Floor: 4 bytes a number of y and the panels once; words of codes are read by 4 or 8 threads.
#include "panels.cuh"

template <class Format>
DEVICE void unpack(const byte* panels, const int* ids, float* y, int depth) {
  int k = blockIdx.y * blockDim.x + threadIdx.x;
  if (k >= depth) return;
  long long at = blockIdx.x;
  long long row = ids ? ids[at] : at;
  const byte* panel = panels + row / kPanelRows * Format::panelBytes(depth);
  y[at * depth + k] = Format::get(panel, static_cast<int>(row % kPanelRows), k);
}

KERNEL unpack_int8(const byte* panels, const int* ids, float* y, int depth) { unpack<Int8>(panels, ids, y, depth); }
KERNEL unpack_int4(const byte* panels, const int* ids, float* y, int depth) { unpack<Int4>(panels, ids, y, depth); }
