// Matrices packed in panels of sixteen rows, as core.packing lays them out: lines of 64 bytes, four
// bytes for each row, so that 16 lanes that read a line read side by side.
#pragma once
#include "k.cuh"

constexpr int kPanelRows = 16;
constexpr int kLine = 64;
constexpr int kSlab = 64;   // steps in depth
constexpr int kBlock = 32;  // steps that share a scale

typedef unsigned char byte;

DEVICE unsigned wordAt(const byte* address) { return *reinterpret_cast<const unsigned*>(address); }

/** Eight bits: w = scale · (code - 128), a bfloat16 scale for each block. */
struct Int8 {
  static constexpr int kSlabBytes = 17 * kLine;

  DEVICE long long panelBytes(int depth) { return static_cast<long long>((depth + kSlab - 1) / kSlab) * kSlabBytes; }
  DEVICE const byte* slab(const byte* panel, int index) { return panel + static_cast<long long>(index) * kSlabBytes; }

  DEVICE float get(const byte* panel, int row, int k) {
    const byte* from = slab(panel, k / kSlab);
    unsigned scales = wordAt(from + row * 4);
    unsigned codes = wordAt(from + (1 + k % kSlab / 4) * kLine + row * 4);
    float scale = __uint_as_float(k % kSlab < kBlock ? scales << 16 : scales & 0xffff0000u);
    return scale * (static_cast<int>(codes >> (k % 4 * 8) & 255) - 128);
  }
};

/** Four bits: w = S·s·code + O·o, S and O by row, a byte s and a signed byte o for each block. */
struct Int4 {
  static constexpr int kSlabBytes = 9 * kLine;
  static constexpr int kHeadBytes = 2 * kLine;

  DEVICE long long panelBytes(int depth) {
    return kHeadBytes + static_cast<long long>((depth + kSlab - 1) / kSlab) * kSlabBytes;
  }
  DEVICE const byte* slab(const byte* panel, int index) {
    return panel + kHeadBytes + static_cast<long long>(index) * kSlabBytes;
  }
  DEVICE float scaleUnit(const byte* panel, int row) { return __uint_as_float(wordAt(panel + row * 4)); }
  DEVICE float offsetUnit(const byte* panel, int row) { return __uint_as_float(wordAt(panel + kLine + row * 4)); }

  /** s of the block in the slab, 0 or 1, out of the units' word. */
  DEVICE float scale(unsigned units, int block) { return static_cast<float>(units >> (16 * block) & 255); }
  DEVICE float offset(unsigned units, int block) {
    return static_cast<float>(static_cast<int>(units << (16 - 16 * block)) >> 24);
  }

  DEVICE float get(const byte* panel, int row, int k) {
    const byte* from = slab(panel, k / kSlab);
    unsigned units = wordAt(from + row * 4);
    unsigned codes = wordAt(from + (1 + k % kSlab / 8) * kLine + row * 4);
    int block = k % kSlab / kBlock;
    float code = static_cast<float>(codes >> (k % 4 * 8 + (k % 8 < 4 ? 0 : 4)) & 15);
    return scaleUnit(panel, row) * scale(units, block) * code + offsetUnit(panel, row) * offset(units, block);
  }
};
