#include "warp.h"

#include <array>
#include <cstring>

#include "../machine/block.h"

namespace emu {
namespace {


/** Shuffle: d(|p), a, b, c, mask. Lane and bounds as in the PTX manual, section on shfl.sync. */
void shuffle(Lanes& lanes, uint32_t mask) {
  std::array<uint32_t, 32> values{};
  for (Thread* t : lanes) {
    if (t != nullptr) values[t->lane()] = t->get<uint32_t>(t->waiting->r[t->waiting->r.size() - 4]);
  }
  for (Thread* t : lanes) {
    if (t == nullptr) continue;
    const Instruction& i = *t->waiting;
    size_t a = i.r.size() - 4;
    uint32_t b = t->get<uint32_t>(i.r[a + 1]) & 31, c = t->get<uint32_t>(i.r[a + 2]);
    uint32_t lane = t->lane(), segment = c >> 8 & 31, clamp = c & 31;
    uint32_t last = (lane & segment) | (clamp & ~segment), first = lane & segment;
    int from = 0;
    bool within = false;
    switch (i.mode) {
      case kShuffleUp: from = static_cast<int>(lane) - static_cast<int>(b); within = from >= static_cast<int>(last); break;
      case kShuffleDown: from = static_cast<int>(lane + b); within = from <= static_cast<int>(last); break;
      case kShuffleXor: from = static_cast<int>(lane ^ b); within = from <= static_cast<int>(last); break;
      default: from = static_cast<int>(first | (b & ~segment)); within = from <= static_cast<int>(last);
    }
    if (!within) from = static_cast<int>(lane);
    if (!(mask >> from & 1)) {
      throw Fault(kLaunchFailed, format("divergence: the shuffle of thread %u reads lane %d, which mask "
                                        "%08x leaves out or does not exist", t->id, from, mask));
    }
    t->set<uint32_t>(i.r[0], values[static_cast<size_t>(from)]);
    if (a == 2) t->registers[i.r[1]] = within;
  }
}

/** Vote: d, p, mask. */
void vote(Lanes& lanes, uint32_t mask) {
  uint32_t ballot = 0;
  for (Thread* t : lanes) {
    if (t == nullptr) continue;
    const Instruction& i = *t->waiting;
    bool yes = t->predicate(i.r[1]) != (i.negated >> 1 & 1);
    ballot |= static_cast<uint32_t>(yes) << t->lane();
  }
  for (Thread* t : lanes) {
    if (t == nullptr) continue;
    const Instruction& i = *t->waiting;
    t->registers[i.r[0]] = i.mode == kBallot ? ballot : i.mode == kAny ? ballot != 0 : ballot == mask;
  }
}

void requireWhole(const Lanes& lanes) {
  for (const Thread* t : lanes) {
    if (t == nullptr) throw Fault(kLaunchFailed, "divergence: a matrix operation needs a warp of 32 threads");
  }
}

/**
 * D = A·B + C with A 16x16, B 16x8: a lane's registers hold rows lane / 4 and lane / 4 + 8, columns
 * 2·(lane % 4) and on. Fragments as in the PTX manual, section on mma.m16n8k16.
 */
void matrixProduct(Lanes& lanes) {
  float a[16][16], b[16][8];
  for (unsigned lane = 0; lane < 32; lane++) {
    const Thread& t = *lanes[lane];
    const Places& r = t.waiting->r;
    for (unsigned k = 0; k < 8; k++) {
      uint32_t pair = t.get<uint32_t>(r[4 + k / 2]);
      unsigned row = lane / 4 + (k / 2 % 2) * 8, column = lane % 4 * 2 + k % 2 + k / 4 * 8;
      a[row][column] = bf16ToFloat(static_cast<uint16_t>(pair >> (16 * (k % 2))));
    }
    for (unsigned k = 0; k < 4; k++) {
      uint32_t pair = t.get<uint32_t>(r[8 + k / 2]);
      b[lane % 4 * 2 + k % 2 + k / 2 * 8][lane / 4] = bf16ToFloat(static_cast<uint16_t>(pair >> (16 * (k % 2))));
    }
  }
  for (unsigned lane = 0; lane < 32; lane++) {
    Thread& t = *lanes[lane];
    const Places& r = t.waiting->r;
    float sums[4];
    for (unsigned k = 0; k < 4; k++) {
      unsigned row = lane / 4 + k / 2 * 8, column = lane % 4 * 2 + k % 2;
      sums[k] = t.get<float>(r[10 + k]);
      for (unsigned m = 0; m < 16; m++) sums[k] += a[row][m] * b[m][column];
    }
    for (unsigned k = 0; k < 4; k++) t.set<float>(r[k], sums[k]);
  }
}

/** ldmatrix: lane 8·m + j has the address of row j of matrix m; rows are 8 numbers of 16 bits. */
void loadMatrices(Lanes& lanes) {
  const Instruction& i = *lanes[0]->waiting;
  unsigned matrices = static_cast<unsigned>(i.width);
  uint16_t rows[32][8];
  for (unsigned lane = 0; lane < 8 * matrices; lane++) {
    Thread& t = *lanes[lane];
    SharedMemory& shared = t.block->shared();
    uint64_t offset = (t.registers[i.r[matrices]] + static_cast<uint64_t>(i.offset)) & 0xffffffff;
    if (offset % 16 != 0) {
      throw Fault(kMisalignedAddress, format("misaligned: ldmatrix row of thread %u at byte %llu of shared "
                                             "memory", t.id, static_cast<unsigned long long>(offset)));
    }
    shared.read(t, offset, 16);
    if (t.block->machine().traffic.on) t.block->machine().traffic.shared(t, i, offset, 16);
    std::memcpy(rows[lane], shared.data() + offset, 16);
  }
  for (unsigned lane = 0; lane < 32; lane++) {
    Thread& t = *lanes[lane];
    for (unsigned m = 0; m < matrices; m++) {
      uint16_t low, high;
      if (i.mode == kLoadMatrix) {
        low = rows[8 * m + lane / 4][lane % 4 * 2];
        high = rows[8 * m + lane / 4][lane % 4 * 2 + 1];
      } else {
        low = rows[8 * m + lane % 4 * 2][lane / 4];
        high = rows[8 * m + lane % 4 * 2 + 1][lane / 4];
      }
      t.set<uint32_t>(t.waiting->r[m], low | static_cast<uint32_t>(high) << 16);
    }
  }
}

}  // namespace

void performTogether(Lanes& lanes, uint32_t mask) {
  const Thread* first = nullptr;
  for (const Thread* t : lanes) {
    if (t != nullptr) first = first == nullptr ? t : first;
  }
  switch (first->waiting->mode) {
    case kWarpBarrier:
      for (Thread* t : lanes) {
        if (t != nullptr) t->warpSyncs++;
      }
      break;
    case kBallot: case kAny: case kAll: vote(lanes, mask); break;
    case kMatrixProduct: requireWhole(lanes); matrixProduct(lanes); break;
    case kLoadMatrix: case kLoadTransposed: requireWhole(lanes); loadMatrices(lanes); break;
    default: shuffle(lanes, mask);
  }
}

}  // namespace emu
