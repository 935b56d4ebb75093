// The shared memory of one block: for every byte or word, who touched it last and since which barrier.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fault.h"

namespace emu {

struct Thread;

/**
 * Two accesses of one byte by two threads, one of them a write, race unless a barrier of the whole
 * block lies between them, or the threads share a warp and a barrier of the warp does. Shuffles,
 * votes and matrix products order no memory.
 */
class SharedMemory {
 public:
  /**
   * Memory of a new block, contents unknown.
   *
   * @param granule bytes that every access is a multiple of: what is told apart
   */
  void begin(size_t bytes, size_t granule);

  /** A barrier of the whole block. */
  void barrier() { epoch_++; }

  char* data() { return bytes_.data(); }
  size_t size() const { return size_; }

  /** Checks and notes a read; throws a fault. */
  void read(const Thread& thread, uint64_t offset, size_t bytes);

  /** Checks and notes a write; throws a fault. */
  void write(const Thread& thread, uint64_t offset, size_t bytes);

  /** A write by cp.async: the bytes hold garbage until the thread waits for it. */
  void beginAsync(const Thread& thread, uint64_t offset, size_t bytes);

  /** The thread has waited: it has written the bytes now. */
  void endAsync(const Thread& thread, uint64_t offset, size_t bytes);

 private:
  /** Who, at which barrier of the block and of the warp; thread 0 is nobody, ids count from 1. */
  struct Access {
    uint32_t epoch = 0;
    uint16_t warpSyncs = 0;
    uint16_t thread = 0;
  };
  /** What is known of a granule. */
  struct Cell {
    Access writer, reader, otherReader;
    /** The thread whose cp.async will write, from 1, and since when. */
    uint16_t pending = 0;
    uint32_t pendingSince = 0;
  };

  void requireRange(const char* what, uint64_t offset, size_t bytes) const;
  void requireLanded(const Thread& thread, const char* what, size_t cell) const;
  Access now(const Thread& thread) const;
  bool races(const Access& earlier, const Thread& thread) const;
  [[noreturn]] void race(const char* what, const Thread& thread, size_t cell, const char* other,
                         const Access& earlier) const;

  std::vector<char> bytes_;
  std::vector<Cell> shadow_;
  size_t granule_ = 1;
  size_t size_ = 0;
  /** Counts barriers; a byte that nobody wrote since the block began holds nothing. */
  uint32_t epoch_ = 0;
  uint32_t firstEpoch_ = 0;
};

}  // namespace emu
