// Branches, barriers and the operations at which the lanes of a warp meet.
#include "../machine/block.h"
#include "dispatch.h"
#include "operation.h"
#include "warp.h"

namespace emu {
namespace {

void branch(Thread& t, const Instruction& i) {
  t.next = t.block->launch().kernel->code.data() + i.offset;
}

void leave(Thread& t, const Instruction&) {
  if (!t.open.empty() || !t.groups.empty()) {
    throw Fault(kLaunchFailed, format("late cp.async: thread %u leaves the kernel without having waited for "
                                      "its cp.async", t.id));
  }
  t.state = State::Ended;
}

void trap(Thread&, const Instruction&) { throw Fault(kLaunchFailed, "trap: the kernel gave up"); }

void barrier(Thread& t, const Instruction& i) {
  t.block->arriveAtBarrier(t, i, t.get<uint32_t>(i.r[0]));
}

/** The mask is the last operand. */
void warpOperation(Thread& t, const Instruction& i) {
  t.block->arriveAtWarp(t, i, t.get<uint32_t>(i.r.back()));
}

void fullWarpOperation(Thread& t, const Instruction& i) { t.block->arriveAtWarp(t, i, ~0u); }

bool decodeWarp(const Opcode& opcode, Instruction& i) {
  const std::string& name = opcode.name;
  if (name == "shfl") {
    i.mode = opcode.has("idx")    ? kShuffleIndex
             : opcode.has("up")   ? kShuffleUp
             : opcode.has("down") ? kShuffleDown
             : opcode.has("bfly") ? kShuffleXor
                                  : -1;
    return opcode.has("sync") && i.mode >= 0 && choose(i, &warpOperation);
  }
  if (name == "vote") {
    i.mode = opcode.has("ballot") ? kBallot : opcode.has("any") ? kAny : opcode.has("all") ? kAll : -1;
    return opcode.has("sync") && i.mode >= 0 && choose(i, &warpOperation);
  }
  if (name == "mma") {
    i.mode = kMatrixProduct;
    return opcode.text == "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32" && choose(i, &fullWarpOperation);
  }
  if (name == "ldmatrix") {
    i.width = opcode.has("x4") ? 4 : opcode.has("x2") ? 2 : 1;
    i.mode = opcode.has("trans") ? kLoadTransposed : kLoadMatrix;
    return opcode.has("m8n8") && choose(i, &fullWarpOperation);
  }
  return false;
}

}  // namespace

bool decodeControl(const Opcode& opcode, Instruction& i) {
  const std::string& name = opcode.name;
  if (name == "bra") return choose(i, &branch);
  if (name == "ret" || name == "exit") return choose(i, &leave);
  if (name == "trap") return choose(i, &trap);
  if (opcode.text == "bar.sync" || opcode.text == "barrier.sync" || opcode.text == "barrier.sync.aligned") {
    return choose(i, &barrier);
  }
  if (opcode.text == "bar.warp.sync") {
    i.mode = kWarpBarrier;
    return choose(i, &warpOperation);
  }
  return decodeWarp(opcode, i);
}

}  // namespace emu
