// A parsed kernel: instructions whose operands are all places in one register file.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "types.h"

namespace emu {

struct Allocation;
struct Instruction;
struct Thread;

/** Carries out one instruction for one thread. */
using Executor = void (*)(Thread&, const Instruction&);

enum class Space { Generic, Global, Shared, Local, Param };

/** Places 0 to kSpecials - 1 of a register file hold what the hardware fills in. */
enum Special {
  kTidX, kTidY, kTidZ, kNtidX, kNtidY, kNtidZ, kCtaX, kCtaY, kCtaZ, kNctaX, kNctaY, kNctaZ,
  kLane, kWarp, kLanesBelow, kSpecials
};

/** A short list of places in a register file; a matrix product has most of them. */
class Places {
 public:
  void push_back(uint32_t place) { places_.at(size_++) = place; }
  uint32_t operator[](size_t index) const { return places_[index]; }
  uint32_t& operator[](size_t index) { return places_[index]; }
  uint32_t back() const { return places_[size_ - 1]; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  uint32_t* begin() { return places_.data(); }
  uint32_t* end() { return places_.data() + size_; }

 private:
  std::array<uint32_t, 16> places_{};
  size_t size_ = 0;
};

struct Instruction {
  Executor run = nullptr;
  /** Register of the guard predicate, or -1. */
  int guard = -1;
  bool guardNegated = false;
  Type type = Type::None;
  Type source = Type::None;
  Space space = Space::Generic;
  /** Elements of a vector access, matrices of ldmatrix. */
  int width = 1;
  /** What the qualifiers say; the operation knows what it means. */
  int mode = 0;
  /** Bit i: operand i is a negated predicate. */
  unsigned negated = 0;
  /** Added to the address register; target of a branch. */
  int64_t offset = 0;
  /** Places of the operands, vectors flattened. */
  Places r;
  int line = 0;
  /** As written, for messages. */
  std::string text;
  /** The allocation hit last time. */
  mutable Allocation* hint = nullptr;
};

/** An entry point. */
struct Kernel {
  std::string name;
  std::vector<Instruction> code;
  /** Places of a register file: special ones, constants, the rest. */
  uint32_t nRegisters = 0;
  std::vector<uint64_t> constants;
  /** Offset and size of each parameter. */
  std::vector<std::pair<size_t, size_t>> parameters;
  size_t parameterBytes = 0;
  size_t staticShared = 0;
  /** Bytes that all accesses of shared memory are multiples of: 4, or 1 if there are smaller ones. */
  size_t sharedGranule = 4;
  size_t local = 0;
};

/** Parses a module of PTX text; throws PtxError. */
std::map<std::string, std::unique_ptr<Kernel>> parsePtx(const std::string& text);

}  // namespace emu
