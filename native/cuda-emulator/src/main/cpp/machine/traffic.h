// Counts what a kernel moves: sectors of global memory, requests, wavefronts of shared memory.
#pragma once
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "device_memory.h"

namespace emu {

struct Instruction;
struct Thread;

/** Totals since the last reset, in the order in which the control interface gives them out. */
struct Statistics {
  uint64_t launches = 0;
  uint64_t instructions = 0;
  uint64_t loadRequests = 0;
  uint64_t loadBytes = 0;
  uint64_t loadSectors = 0;
  uint64_t distinctLoadSectors = 0;
  uint64_t storeRequests = 0;
  uint64_t storeBytes = 0;
  uint64_t storeSectors = 0;
  uint64_t distinctStoreSectors = 0;
  uint64_t sharedRequests = 0;
  uint64_t sharedWavefronts = 0;
};

/**
 * Groups the accesses of the lanes of a warp as the hardware does: the n-th execution of one
 * instruction by all lanes is one request. A request of global memory takes as many sectors of 32
 * bytes as it touches; one of shared memory as many wavefronts as its busiest bank has words.
 */
class Traffic {
 public:
  bool on = false;
  Statistics totals;

  void global(const Thread& thread, const Instruction& instruction, Allocation& allocation,
              const void* address, size_t bytes, bool store);
  void shared(const Thread& thread, const Instruction& instruction, uint64_t offset, size_t bytes);

  /** Counts what a warp has gathered: its lanes meet, or have ended. */
  void flush(unsigned warp);

 private:
  struct Request {
    bool shared = false;
    bool store = false;
    std::vector<std::pair<uint64_t, size_t>> accesses;
  };
  struct Warp {
    /** Requests by instruction and by how often each lane has come by. */
    std::unordered_map<const Instruction*, std::vector<Request>> requests;
    std::map<std::pair<unsigned, const Instruction*>, size_t> visits;
  };

  Request& request(const Thread& thread, const Instruction& instruction);
  void count(const Request& request);
  void countShared(const Request& request);

  std::vector<Warp> warps_{32};
};

}  // namespace emu
