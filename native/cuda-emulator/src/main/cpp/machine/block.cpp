#include "block.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <numeric>

namespace emu {

std::string format(const char* pattern, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

Block::Block(Machine& machine, const Launch& launch)
    : machine_(machine), launch_(launch), nThreads_(launch.block.x * launch.block.y * launch.block.z),
      meetings_((nThreads_ + 31) / 32), random_(machine.seed) {
  size_t nRegisters = static_cast<size_t>(nThreads_) * launch.kernel->nRegisters;
  size_t localBytes = static_cast<size_t>(nThreads_) * launch.kernel->local;
  if (machine.threads.size() < nThreads_) machine.threads.resize(nThreads_);
  if (machine.registers.size() < nRegisters) machine.registers.resize(nRegisters);
  if (machine.local.size() < localBytes) machine.local.resize(localBytes);
  threads_ = std::span(machine.threads).first(nThreads_);
}

void Block::run(Size3 index) {
  start(index);
  unsigned nWarps = static_cast<unsigned>(meetings_.size());
  while (turn(order(nWarps))) {
  }
  if (std::any_of(threads_.begin(), threads_.end(), [](Thread& t) { return t.state != State::Ended; })) {
    deadlock();
  }
  for (const Thread& thread : threads_) machine_.traffic.totals.instructions += thread.steps;
}

void Block::start(Size3 index) {
  index_ = index;
  machine_.shared.begin(launch_.kernel->staticShared + launch_.dynamicShared, launch_.kernel->sharedGranule);
  for (auto& meetings : meetings_) meetings.clear();
  std::fill(std::begin(arrived_), std::end(arrived_), 0);
  std::memset(machine_.local.data(), 0xff, static_cast<size_t>(nThreads_) * launch_.kernel->local);
  const Kernel& kernel = *launch_.kernel;
  Size3 block = launch_.block, grid = launch_.grid;
  for (unsigned id = 0; id < nThreads_; id++) {
    Thread& thread = threads_[id];
    thread.block = this;
    thread.id = id;
    thread.state = State::Running;
    thread.next = kernel.code.data();
    thread.warpSyncs = 0;
    thread.steps = 0;
    thread.open.clear();
    thread.groups.clear();
    thread.registers = &machine_.registers[static_cast<size_t>(id) * kernel.nRegisters];
    thread.local = machine_.local.data() + static_cast<size_t>(id) * kernel.local;
    uint64_t special[kSpecials] = {id % block.x, id / block.x % block.y, id / (block.x * block.y),
                                   block.x, block.y, block.z, index.x, index.y, index.z,
                                   grid.x, grid.y, grid.z, id % 32, id / 32, (1ull << id % 32) - 1};
    std::copy(std::begin(special), std::end(special), thread.registers);
    std::copy(kernel.constants.begin(), kernel.constants.end(), thread.registers + kSpecials);
  }
}

std::vector<unsigned> Block::order(unsigned count) {
  std::vector<unsigned> order(count);
  std::iota(order.begin(), order.end(), 0);
  if (machine_.order == Order::Reverse) std::reverse(order.begin(), order.end());
  if (machine_.order == Order::Shuffled) std::shuffle(order.begin(), order.end(), random_);
  return order;
}

/** Runs every thread that can; false if there was none. */
bool Block::turn(const std::vector<unsigned>& warps) {
  bool any = false;
  for (unsigned warp : warps) {
    for (unsigned lane : order(std::min(32u, nThreads_ - warp * 32))) {
      Thread& thread = threads_[warp * 32 + lane];
      if (thread.state == State::Running) {
        any = true;
        runThread(thread);
      }
    }
  }
  return any;
}

void Block::runThread(Thread& thread) {
  current_ = &thread;
  while (thread.state == State::Running) {
    const Instruction& instruction = *thread.next++;
    thread.steps++;
    if (instruction.guard >= 0 &&
        thread.predicate(static_cast<uint32_t>(instruction.guard)) == instruction.guardNegated) {
      continue;
    }
    at_ = &instruction;
    instruction.run(thread, instruction);
  }
  if (thread.state == State::Ended) end(thread);
}

void Block::end(Thread& thread) {
  unsigned warp = thread.id / 32;
  unsigned last = std::min(nThreads_, warp * 32 + 32);
  bool all = true;
  for (unsigned id = warp * 32; id < last; id++) all &= threads_[id].state == State::Ended;
  if (all) machine_.traffic.flush(warp);
}

void Block::arriveAtBarrier(Thread& thread, const Instruction& instruction, unsigned barrier) {
  if (barrier >= 16) {
    throw Fault(kLaunchFailed, format("barrier %u does not exist: there are 16", barrier));
  }
  unsigned first = thread.id / 32 * 32;
  for (unsigned id = first; id < std::min(nThreads_, first + 32); id++) {
    const Thread& other = threads_[id];
    if (other.state == State::AtBarrier && other.waiting != &instruction) {
      throw Fault(kLaunchFailed, format("divergence: thread %u comes to the barrier in line %d while "
                                        "thread %u of its warp waits at the one in line %d",
                                        thread.id, instruction.line, id, other.waiting->line));
    }
  }
  thread.state = State::AtBarrier;
  thread.waiting = &instruction;
  if (++arrived_[barrier] == nThreads_) releaseBarrier(barrier);
}

void Block::releaseBarrier(unsigned barrier) {
  arrived_[barrier] = 0;
  machine_.shared.barrier();
  for (Thread& thread : threads_) thread.state = State::Running;
  for (unsigned warp = 0; warp < meetings_.size(); warp++) machine_.traffic.flush(warp);
}

void Block::arriveAtWarp(Thread& thread, const Instruction& instruction, uint32_t mask) {
  unsigned warp = thread.id / 32;
  unsigned present = std::min(32u, nThreads_ - warp * 32);
  if (!(mask >> thread.lane() & 1)) {
    throw Fault(kLaunchFailed, format("divergence: thread %u calls %s with mask %08x, which leaves out "
                                      "its own lane", thread.id, instruction.text.c_str(), mask));
  }
  mask &= present == 32 ? ~0u : (1u << present) - 1;
  auto& meetings = meetings_[warp];
  auto found = std::find_if(meetings.begin(), meetings.end(), [=](Meeting& m) { return m.mask == mask; });
  if (found == meetings.end()) found = meetings.insert(meetings.end(), Meeting{mask, 0, &thread});
  const Instruction& other = found->first == &thread ? instruction : *found->first->waiting;
  if (&other != &instruction && other.text != instruction.text) {
    throw Fault(kLaunchFailed, format("divergence: thread %u comes to %s in line %d while thread %u of "
                                      "its warp waits at %s in line %d", thread.id,
                                      instruction.text.c_str(), instruction.line, found->first->id,
                                      other.text.c_str(), other.line));
  }
  thread.state = State::AtWarp;
  thread.waiting = &instruction;
  found->arrived |= 1u << thread.lane();
  if (found->arrived == mask) {
    Meeting complete = *found;
    meetings.erase(found);
    meet(warp, complete);
  }
}

void Block::meet(unsigned warp, const Meeting& meeting) {
  Lanes lanes{};
  for (unsigned lane = 0; lane < 32; lane++) {
    if (meeting.mask >> lane & 1) lanes[lane] = &threads_[warp * 32 + lane];
  }
  performTogether(lanes, meeting.mask);
  for (Thread* thread : lanes) {
    if (thread != nullptr) thread->state = State::Running;
  }
  machine_.traffic.flush(warp);
}

void Block::deadlock() const {
  std::map<std::string, unsigned> places;
  for (const Thread& thread : threads_) {
    places[thread.state == State::Ended ? "have left the kernel"
                                        : "wait at " + thread.waiting->text + " in line " +
                                              std::to_string(thread.waiting->line)]++;
  }
  std::string text = "deadlock:";
  for (auto& [place, count] : places) text += " " + std::to_string(count) + " threads " + place + ",";
  text.pop_back();
  throw Fault(kLaunchFailed, text);
}

std::string Block::place() const {
  std::string text = format(" [kernel %s, block (%u, %u, %u)", launch_.kernel->name.c_str(), index_.x,
                            index_.y, index_.z);
  if (current_ != nullptr && at_ != nullptr) {
    Size3 block = launch_.block;
    unsigned id = current_->id;
    text += format(", thread (%u, %u, %u), PTX line %d: %s", id % block.x, id / block.x % block.y,
                   id / (block.x * block.y), at_->line, at_->text.c_str());
  }
  return text + "]";
}

void run(Machine& machine, const Launch& launch) {
  machine.traffic.totals.launches++;
  // Memory may have been freed since these instructions ran.
  for (const Instruction& instruction : launch.kernel->code) instruction.hint = nullptr;
  Block block(machine, launch);
  try {
    uint64_t nBlocks = static_cast<uint64_t>(launch.grid.x) * launch.grid.y * launch.grid.z;
    for (uint64_t i = 0; i < nBlocks; i++) {
      uint64_t at = machine.order == Order::Reverse ? nBlocks - 1 - i : i;
      block.run({static_cast<unsigned>(at % launch.grid.x),
                 static_cast<unsigned>(at / launch.grid.x % launch.grid.y),
                 static_cast<unsigned>(at / launch.grid.x / launch.grid.y)});
    }
  } catch (const Fault& fault) {
    for (unsigned warp = 0; warp < 32; warp++) machine.traffic.flush(warp);
    throw Fault(fault.result, fault.what() + block.place());
  }
}

}  // namespace emu
