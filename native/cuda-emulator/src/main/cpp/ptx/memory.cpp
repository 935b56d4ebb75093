// Loads, stores, atomics and cp.async, each access checked.
#include <algorithm>
#include <cstring>

#include "../machine/block.h"
#include "dispatch.h"
#include "operation.h"

namespace emu {
namespace {

void requireAligned(uint64_t address, size_t bytes, const char* what) {
  if (address % bytes != 0) {
    throw Fault(kMisalignedAddress, format("misaligned: %s of %zu bytes at address %#llx", what, bytes,
                                           static_cast<unsigned long long>(address)));
  }
}

/** An address as a host pointer, checked; a generic one is shared, local or global by where it lies. */
class Place {
 public:
  Place(Thread& t, const Instruction& i, uint64_t address, size_t bytes, bool store) {
    const char* what = store ? "write" : "read";
    Block& block = *t.block;
    Space space = i.space == Space::Generic ? spaceOf(t, address) : i.space;
    if (space == Space::Shared) {
      SharedMemory& shared = block.shared();
      uint64_t offset = i.space == Space::Generic ? address - reinterpret_cast<uint64_t>(shared.data())
                                                  : address & 0xffffffff;
      requireAligned(offset, bytes, what);
      store ? shared.write(t, offset, bytes) : shared.read(t, offset, bytes);
      if (block.machine().traffic.on) block.machine().traffic.shared(t, i, offset, bytes);
      at = shared.data() + offset;
    } else if (space == Space::Local) {
      size_t size = block.launch().kernel->local;
      uint64_t offset = i.space == Space::Generic ? address - reinterpret_cast<uint64_t>(t.local) : address;
      // Compilers turn the base of local memory into an address in it by cvta and back.
      if (offset + bytes > size || offset + bytes < offset) {
        throw Fault(kIllegalAddress, format("out of bounds: local %s of %zu bytes at byte %llu of %zu", what,
                                            bytes, static_cast<unsigned long long>(offset), size));
      }
      requireAligned(offset, bytes, what);
      at = t.local + offset;
    } else {
      requireAligned(address, bytes, what);
      at = reinterpret_cast<char*>(address);
      Allocation& allocation = require(block.machine().memory, i, bytes, store);
      if (block.machine().traffic.on) block.machine().traffic.global(t, i, allocation, at, bytes, store);
    }
  }

  char* at;

 private:
  static Space spaceOf(Thread& t, uint64_t address) {
    SharedMemory& shared = t.block->shared();
    uint64_t inShared = address - reinterpret_cast<uint64_t>(shared.data());
    uint64_t inLocal = address - reinterpret_cast<uint64_t>(t.local);
    return inShared < shared.size()                         ? Space::Shared
           : inLocal < t.block->launch().kernel->local ? Space::Local
                                                            : Space::Global;
  }

  Allocation& require(DeviceMemory& memory, const Instruction& i, size_t bytes, bool store) const {
    const char* what = store ? "write" : "read";
    Allocation* hint = i.hint;
    if (hint == nullptr || !hint->holds(at, bytes)) hint = i.hint = &memory.require(at, bytes, what);
    const uint8_t* written = &hint->written[static_cast<size_t>(at - hint->begin)];
    if (store) {
      DeviceMemory::markWritten(*hint, at, bytes);
    } else if (std::find(written, written + bytes, 0) != written + bytes) {
      memory.requireWritten(at, bytes, what);
    }
    return *hint;
  }
};

template <class T> T loadFrom(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T> void load(Thread& t, const Instruction& i) {
  size_t width = static_cast<size_t>(i.width);
  uint64_t address = t.registers[i.r[width]] + static_cast<uint64_t>(i.offset);
  Place place(t, i, address, sizeof(T) * width, false);
  for (size_t k = 0; k < width; k++) t.set<T>(i.r[k], loadFrom<T>(place.at + k * sizeof(T)));
}

template <class T> void loadParameter(Thread& t, const Instruction& i) {
  size_t width = static_cast<size_t>(i.width);
  uint64_t offset = t.registers[i.r[width]] + static_cast<uint64_t>(i.offset);
  const std::vector<char>& parameters = t.block->launch().parameters;
  if (offset + sizeof(T) * width > parameters.size()) {
    throw Fault(kIllegalAddress, format("out of bounds: parameter read at byte %llu of %zu",
                                        static_cast<unsigned long long>(offset), parameters.size()));
  }
  for (size_t k = 0; k < width; k++) t.set<T>(i.r[k], loadFrom<T>(parameters.data() + offset + k * sizeof(T)));
}

template <class T> void store(Thread& t, const Instruction& i) {
  size_t width = static_cast<size_t>(i.width);
  uint64_t address = t.registers[i.r[0]] + static_cast<uint64_t>(i.offset);
  Place place(t, i, address, sizeof(T) * width, true);
  for (size_t k = 0; k < width; k++) {
    T value = t.get<T>(i.r[k + 1]);
    std::memcpy(place.at + k * sizeof(T), &value, sizeof value);
  }
}

#define EMU_BY_TYPE(FORM, type)                                                   \
  ((type) == Type::B8 || (type) == Type::U8                          ? &FORM<uint8_t>  \
   : (type) == Type::S8                                              ? &FORM<int8_t>   \
   : (type) == Type::B16 || (type) == Type::U16 || (type) == Type::BF16 ? &FORM<uint16_t> \
   : (type) == Type::S16                                             ? &FORM<int16_t>  \
   : (type) == Type::B32 || (type) == Type::U32                      ? &FORM<uint32_t> \
   : (type) == Type::S32                                             ? &FORM<int32_t>  \
   : (type) == Type::F32                                             ? &FORM<float>    \
   : (type) == Type::B64 || (type) == Type::U64                      ? &FORM<uint64_t> \
   : (type) == Type::S64                                             ? &FORM<int64_t>  \
   : (type) == Type::F64                                             ? &FORM<double>   \
                                                                     : static_cast<Executor>(nullptr))

enum Atomic { kAdd, kMin, kMax, kExchange, kCompareAndSwap };

/** atom.global d, [a], b(, c) and red.global [a], b, which has no d. */
template <class T> void atomic(Thread& t, const Instruction& i) {
  bool red = i.text.compare(0, 3, "red") == 0;
  size_t address = red ? 0 : 1;
  uint64_t at = t.registers[i.r[address]] + static_cast<uint64_t>(i.offset);
  T old = loadFrom<T>(Place(t, i, at, sizeof(T), false).at);
  char* to = Place(t, i, at, sizeof(T), true).at;
  T operand = t.get<T>(i.r[address + 1]);
  T made = operand;
  if (i.mode == kAdd) made = static_cast<T>(old + operand);
  if (i.mode == kMin) made = std::min(old, operand);
  if (i.mode == kMax) made = std::max(old, operand);
  if (i.mode == kCompareAndSwap) made = old == operand ? t.get<T>(i.r[address + 2]) : old;
  std::memcpy(to, &made, sizeof made);
  if (!red) t.set<T>(i.r[0], old);
}

bool decodeAtomic(const Opcode& opcode, Instruction& i) {
  if (!opcode.has("global")) return false;
  i.mode = opcode.has("add") ? kAdd : opcode.has("min") ? kMin : opcode.has("max") ? kMax
           : opcode.has("exch") ? kExchange : opcode.has("cas") ? kCompareAndSwap : -1;
  return i.mode >= 0 && choose(i, EMU_BY_TYPE(atomic, i.type));
}

void finish(Thread& t, const AsyncCopy& copy) {
  SharedMemory& shared = t.block->shared();
  shared.endAsync(t, copy.offset, copy.bytes);
  std::memset(shared.data() + copy.offset, 0, copy.bytes);
  std::memcpy(shared.data() + copy.offset, copy.from, copy.fromBytes);
}

/** cp.async [to], [from], bytes(, bytes of the source). */
void copyAsync(Thread& t, const Instruction& i) {
  Machine& machine = t.block->machine();
  size_t bytes = t.get<uint32_t>(i.r[2]);
  size_t fromBytes = i.r.size() > 3 ? std::min<size_t>(t.get<uint32_t>(i.r[3]), bytes) : bytes;
  uint64_t offset = t.registers[i.r[0]] & 0xffffffff;
  const char* from = reinterpret_cast<const char*>(t.registers[i.r[1]]);
  requireAligned(offset, bytes, "cp.async");
  requireAligned(t.registers[i.r[1]], bytes, "cp.async");
  if (fromBytes > 0) {
    Allocation& allocation = machine.memory.requireWritten(from, fromBytes, "cp.async");
    if (machine.traffic.on) machine.traffic.global(t, i, allocation, from, fromBytes, false);
  }
  t.block->shared().beginAsync(t, offset, bytes);
  AsyncCopy copy{offset, from, bytes, fromBytes};
  if (machine.lateCopies) {
    t.open.push_back(copy);
  } else {
    finish(t, copy);
  }
}

void commitGroup(Thread& t, const Instruction&) {
  t.groups.push_back(std::move(t.open));
  t.open.clear();
}

void waitGroup(Thread& t, const Instruction& i) {
  for (size_t keep = t.get<uint32_t>(i.r[0]); t.groups.size() > keep; t.groups.pop_front()) {
    for (const AsyncCopy& copy : t.groups.front()) finish(t, copy);
  }
}

void waitAll(Thread& t, const Instruction& i) {
  commitGroup(t, i);
  for (; !t.groups.empty(); t.groups.pop_front()) {
    for (const AsyncCopy& copy : t.groups.front()) finish(t, copy);
  }
}

bool decodeAsync(const Opcode& opcode, Instruction& i) {
  if (!opcode.has("async") || opcode.has("bulk") || opcode.has("mbarrier")) return false;
  if (opcode.has("commit_group")) return choose(i, &commitGroup);
  if (opcode.has("wait_group")) return choose(i, &waitGroup);
  if (opcode.has("wait_all")) return choose(i, &waitAll);
  return choose(i, &copyAsync);
}

void fence(Thread&, const Instruction&) {}

}  // namespace

bool decodeMemory(const Opcode& opcode, Instruction& i) {
  i.width = opcode.has("v4") ? 4 : opcode.has("v2") ? 2 : 1;
  bool shared = opcode.has("shared") || opcode.has("shared::cta");
  i.space = opcode.has("global")  ? Space::Global
            : shared              ? Space::Shared
            : opcode.has("local") ? Space::Local
            : opcode.has("param") ? Space::Param
                                  : Space::Generic;
  const std::string& name = opcode.name;
  if (name == "ld" && i.space == Space::Param) return choose(i, EMU_BY_TYPE(loadParameter, i.type));
  if (name == "ld" || name == "ldu") return choose(i, EMU_BY_TYPE(load, i.type));
  if (name == "st" && i.space != Space::Param) return choose(i, EMU_BY_TYPE(store, i.type));
  if (name == "atom" || name == "red") return decodeAtomic(opcode, i);
  if (name == "cp") return decodeAsync(opcode, i);
  if (name == "membar" || name == "fence") return choose(i, &fence);
  return false;
}

}  // namespace emu
