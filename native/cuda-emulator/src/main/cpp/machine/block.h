// Runs the threads of one block in turns, and makes them meet.
#pragma once
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "device_memory.h"
#include "shared_memory.h"
#include "thread.h"
#include "traffic.h"

namespace emu {

/** In which order threads take their turns. */
enum class Order { Forward = 0, Reverse = 1, Shuffled = 2 };

struct Size3 {
  unsigned x, y, z;
};

/** What all launches share. */
struct Machine {
  DeviceMemory memory;
  Traffic traffic;
  /** Room for one block at a time, kept from launch to launch. */
  SharedMemory shared;
  std::vector<Thread> threads;
  std::vector<uint64_t> registers;
  std::vector<char> local;
  Order order = Order::Forward;
  uint64_t seed = 1;
  /** Whether cp.async reads and writes as late as it may. */
  bool lateCopies = true;
};

/** One launch. */
struct Launch {
  const Kernel* kernel;
  Size3 grid, block;
  size_t dynamicShared;
  /** The parameters, laid out as the kernel declares them. */
  std::vector<char> parameters;
};

class Block {
 public:
  Block(Machine& machine, const Launch& launch);

  /** Runs all its threads to their end; throws a fault. */
  void run(Size3 index);

  Machine& machine() { return machine_; }
  SharedMemory& shared() { return machine_.shared; }
  const Launch& launch() const { return launch_; }

  /** The thread waits at a barrier of the whole block. */
  void arriveAtBarrier(Thread& thread, const Instruction& instruction, unsigned barrier);

  /** The thread waits for the lanes of the mask at an operation of its warp. */
  void arriveAtWarp(Thread& thread, const Instruction& instruction, uint32_t mask);

  /** Where a fault happened: kernel, block, thread, line. */
  std::string place() const;

 private:
  /** Lanes that wait for each other. */
  struct Meeting {
    uint32_t mask = 0;
    uint32_t arrived = 0;
    const Thread* first = nullptr;
  };

  void start(Size3 index);
  bool turn(const std::vector<unsigned>& warps);
  void runThread(Thread& thread);
  void end(Thread& thread);
  std::vector<unsigned> order(unsigned count);
  [[noreturn]] void deadlock() const;
  void releaseBarrier(unsigned barrier);
  void meet(unsigned warp, const Meeting& meeting);

  Machine& machine_;
  const Launch& launch_;
  unsigned nThreads_;
  std::span<Thread> threads_;
  std::vector<std::vector<Meeting>> meetings_;
  unsigned arrived_[16] = {};
  std::mt19937_64 random_;
  Size3 index_{};
  const Thread* current_ = nullptr;
  const Instruction* at_ = nullptr;
};

/** The threads of a warp that take part, by lane. */
using Lanes = std::array<Thread*, 32>;

/** Carries out an operation of a warp once its lanes have met; the mask holds those that exist. */
void performTogether(Lanes& lanes, uint32_t mask);

/** Runs every block of a launch; throws a fault whose message names the place. */
void run(Machine& machine, const Launch& launch);

}  // namespace emu
