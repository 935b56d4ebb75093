// y[i] = x[i] as bfloat16, to nearest, for a product with bfloat16 weights. One thread an element.
// Floor: 6 bytes an element; no more is moved.
#include "k.cuh"

KERNEL round_bf16(const float* x, bf16* y, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) return;
  unsigned short bits;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x[i]));
  y[i] = bits;
}
