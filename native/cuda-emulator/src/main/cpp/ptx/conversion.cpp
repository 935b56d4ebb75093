// Moves and conversions between types and address spaces.
#include <cmath>
#include <limits>

#include "dispatch.h"
#include "operation.h"
#include "../machine/block.h"

namespace emu {
namespace {

void move(Thread& t, const Instruction& i) { t.registers[i.r[0]] = t.registers[i.r[1]]; }

/** mov.b32 d, {a, b}: the parts side by side, the first lowest. */
void pack(Thread& t, const Instruction& i) {
  size_t parts = i.r.size() - 1;
  int bits = 8 * bytesOf(i.type) / static_cast<int>(parts);
  uint64_t mask = (1ull << bits) - 1, y = 0;
  for (size_t k = 0; k < parts; k++) y |= (t.registers[i.r[k + 1]] & mask) << (bits * static_cast<int>(k));
  t.registers[i.r[0]] = y;
}

/** mov.b32 {a, b}, d. */
void unpack(Thread& t, const Instruction& i) {
  size_t parts = i.r.size() - 1;
  int bits = 8 * bytesOf(i.type) / static_cast<int>(parts);
  uint64_t x = t.registers[i.r[parts]], mask = (1ull << bits) - 1;
  for (size_t k = 0; k < parts; k++) t.registers[i.r[k]] = x >> (bits * static_cast<int>(k)) & mask;
}

void toGeneric(Thread& t, const Instruction& i) {
  uint64_t base = i.space == Space::Shared  ? reinterpret_cast<uint64_t>(t.block->shared().data())
                  : i.space == Space::Local ? reinterpret_cast<uint64_t>(t.local)
                                            : 0;
  t.registers[i.r[0]] = t.registers[i.r[1]] + base;
}

void fromGeneric(Thread& t, const Instruction& i) {
  uint64_t base = i.space == Space::Shared  ? reinterpret_cast<uint64_t>(t.block->shared().data())
                  : i.space == Space::Local ? reinterpret_cast<uint64_t>(t.local)
                                            : 0;
  t.registers[i.r[0]] = t.registers[i.r[1]] - base;
}

enum Rounding { kNone, kNearest, kZero, kDown, kUp };

double rounded(double x, int rounding) {
  switch (rounding) {
    case kNearest: return std::nearbyint(x);
    case kZero: return std::trunc(x);
    case kDown: return std::floor(x);
    case kUp: return std::ceil(x);
    default: return x;
  }
}

/** A float as an integer: rounded, cut to the range, NaN as 0. */
template <class To> To toInteger(double x, int rounding) {
  x = rounded(x, rounding == kNone ? kZero : rounding);
  if (x != x) return 0;
  double low = static_cast<double>(std::numeric_limits<To>::min());
  double high = std::ldexp(1.0, static_cast<int>(8 * sizeof(To)) - std::is_signed_v<To>);
  return x <= low ? std::numeric_limits<To>::min() : x >= high ? std::numeric_limits<To>::max() : static_cast<To>(x);
}

template <class To, class From> void convert(Thread& t, const Instruction& i) {
  From x = t.get<From>(i.r[1]);
  if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    t.set<To>(i.r[0], toInteger<To>(x, i.mode));
  } else if constexpr (std::is_floating_point_v<To> && std::is_floating_point_v<From>) {
    // Of a conversion to a smaller type rn says how to round the last bit; rni and the like, to whole.
    t.set<To>(i.r[0], static_cast<To>(rounded(x, i.mode)));
  } else {
    t.set<To>(i.r[0], static_cast<To>(x));
  }
}

template <class To> Executor convertFrom(Type from) {
  switch (from) {
    case Type::U8: return &convert<To, uint8_t>;
    case Type::S8: return &convert<To, int8_t>;
    case Type::U16: return &convert<To, uint16_t>;
    case Type::S16: return &convert<To, int16_t>;
    case Type::U32: return &convert<To, uint32_t>;
    case Type::S32: return &convert<To, int32_t>;
    case Type::U64: return &convert<To, uint64_t>;
    case Type::S64: return &convert<To, int64_t>;
    case Type::F32: return &convert<To, float>;
    case Type::F64: return &convert<To, double>;
    default: return nullptr;
  }
}

void floatToBf16(Thread& t, const Instruction& i) {
  t.set<uint16_t>(i.r[0], emu::floatToBf16(t.get<float>(i.r[1])));
}
void bf16ToFloat(Thread& t, const Instruction& i) {
  t.set<float>(i.r[0], emu::bf16ToFloat(t.get<uint16_t>(i.r[1])));
}
/** cvt.rn.bf16x2.f32 d, a, b: a goes to the upper half. */
void twoFloatsToBf16(Thread& t, const Instruction& i) {
  uint32_t high = emu::floatToBf16(t.get<float>(i.r[1])), low = emu::floatToBf16(t.get<float>(i.r[2]));
  t.set<uint32_t>(i.r[0], high << 16 | low);
}

bool decodeConvert(const Opcode& opcode, Instruction& i) {
  if (opcode.has("sat")) return false;
  i.mode = opcode.has("rni") ? kNearest : opcode.has("rzi") ? kZero : opcode.has("rmi") ? kDown
           : opcode.has("rpi") ? kUp : kNone;
  Type from = i.source;
  switch (i.type) {
    case Type::BF16: return choose(i, from == Type::F32 ? &floatToBf16 : nullptr);
    case Type::BF16x2: return choose(i, from == Type::F32 ? &twoFloatsToBf16 : nullptr);
    case Type::U8: return choose(i, convertFrom<uint8_t>(from));
    case Type::S8: return choose(i, convertFrom<int8_t>(from));
    case Type::U16: return choose(i, convertFrom<uint16_t>(from));
    case Type::S16: return choose(i, convertFrom<int16_t>(from));
    case Type::U32: return choose(i, convertFrom<uint32_t>(from));
    case Type::S32: return choose(i, convertFrom<int32_t>(from));
    case Type::U64: return choose(i, convertFrom<uint64_t>(from));
    case Type::S64: return choose(i, convertFrom<int64_t>(from));
    case Type::F32: return choose(i, from == Type::BF16 ? &bf16ToFloat : convertFrom<float>(from));
    case Type::F64: return choose(i, convertFrom<double>(from));
    default: return false;
  }
}

}  // namespace

bool decodeConversion(const Opcode& opcode, Instruction& i) {
  if (opcode.name == "mov") return choose(i, &move);
  if (opcode.name == "cvt") return decodeConvert(opcode, i);
  if (opcode.name == "cvta") {
    i.space = opcode.has("shared") ? Space::Shared : opcode.has("local") ? Space::Local : Space::Global;
    return choose(i, opcode.has("to") ? &fromGeneric : &toGeneric);
  }
  return false;
}

void useParts(Instruction& i, bool destination) {
  i.run = destination ? &unpack : &pack;
}

}  // namespace emu
