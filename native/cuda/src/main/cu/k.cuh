// What every kernel includes: no header of CUDA, so that any compiler that makes PTX will do (nvcc
// brings its own declarations of threadIdx and the like; clang needs clang.cuh before this).
#pragma once

#define KERNEL extern "C" __global__ void
#define DEVICE static __device__ __forceinline__
#define DEVICE_MEMBER __device__ __forceinline__

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

/** bfloat16 as stored. */
typedef unsigned short bf16;

DEVICE float number(float x) { return x; }
DEVICE float number(bf16 x) { return __uint_as_float(static_cast<unsigned>(x) << 16); }

DEVICE float smaller(float a, float b) { return a < b ? a : b; }
DEVICE float larger(float a, float b) { return a > b ? a : b; }
DEVICE int smaller(int a, int b) { return a < b ? a : b; }
DEVICE int larger(int a, int b) { return a > b ? a : b; }

/** 2^x, relative error 2^-22. */
DEVICE float exp2Fast(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

/**
 * e^x to about 2e-7: x = n·ln 2 + r, so that the fast power sees |r·log2(e)| <= 1/2 only. ln 2 is
 * taken in two parts; below -87 the result is 0.
 */
DEVICE float exponential(float x) {
  x = larger(smaller(x, 88.7f), -88.f);
  float n;
  asm("cvt.rni.f32.f32 %0, %1;" : "=f"(n) : "f"(x * 1.44269504f));
  float r = fmaf(n, -0.693145752f, x);
  r = fmaf(n, -1.42860677e-6f, r);
  return x <= -87.f ? 0.f : exp2Fast(r * 1.44269504f) * exp2Fast(n);
}

DEVICE float reciprocal(float x) {
  float y;
  asm("rcp.rn.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

DEVICE float squareRoot(float x) {
  float y;
  asm("sqrt.rn.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

/** Sum over the lanes of a warp, in every lane. */
DEVICE float sumOfWarp(float x) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) x += __shfl_xor_sync(kAllLanes, x, distance);
  return x;
}

/** Largest over the lanes of a warp, in every lane. */
DEVICE float maximumOfWarp(float x) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    x = larger(x, __shfl_xor_sync(kAllLanes, x, distance));
  }
  return x;
}

/** Adds to a number in device memory and returns what it was. */
DEVICE int atomicAddGlobal(int* address, int value) {
  int old;
  asm volatile(
      "{ .reg .u64 at; cvta.to.global.u64 at, %1; atom.global.add.u32 %0, [at], %2; }"
      : "=r"(old)
      : "l"(address), "r"(value)
      : "memory");
  return old;
}

/** What this thread wrote before is seen by all blocks before what it writes after. */
DEVICE void threadFence() { asm volatile("membar.gl;" ::: "memory"); }
