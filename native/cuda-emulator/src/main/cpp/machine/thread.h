// One thread of a block: its registers and the place where it goes on.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "../ptx/program.h"

namespace emu {

class Block;

enum class State { Running, AtBarrier, AtWarp, Ended };

/** A copy that cp.async has begun: the source is read when the thread waits. */
struct AsyncCopy {
  uint64_t offset;
  const char* from;
  size_t bytes;
  size_t fromBytes;
};

/**
 * It runs until it must meet others: the interpreter keeps all its state here, so that threads take
 * turns without stacks of their own.
 */
struct Thread {
  Block* block = nullptr;
  /** Index in the block. */
  unsigned id = 0;
  State state = State::Running;
  const Instruction* next = nullptr;
  /** The instruction at which it waits. */
  const Instruction* waiting = nullptr;
  uint64_t* registers = nullptr;
  char* local = nullptr;
  /** Warp barriers passed. */
  uint32_t warpSyncs = 0;
  uint64_t steps = 0;
  std::vector<AsyncCopy> open;
  std::deque<std::vector<AsyncCopy>> groups;

  unsigned lane() const { return id % 32; }

  template <class T> T get(uint32_t place) const { return fromBits<T>(registers[place]); }
  template <class T> void set(uint32_t place, T value) { registers[place] = toBits(value); }
  bool predicate(uint32_t place) const { return registers[place] != 0; }
};

}  // namespace emu
