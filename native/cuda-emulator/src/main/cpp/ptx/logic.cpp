// Bits, comparisons and choices.
#include <bit>

#include "dispatch.h"
#include "operation.h"

namespace emu {
namespace {

struct And { template <class T> static T apply(T a, T b) { return static_cast<T>(a & b); } };
struct Or { template <class T> static T apply(T a, T b) { return static_cast<T>(a | b); } };
struct Xor { template <class T> static T apply(T a, T b) { return static_cast<T>(a ^ b); } };
struct Not { template <class T> static T apply(T a) { return static_cast<T>(~a); } };

bool operand(const Thread& t, const Instruction& i, size_t index) {
  return t.predicate(i.r[index]) != (i.negated >> index & 1);
}

void andPredicates(Thread& t, const Instruction& i) { t.registers[i.r[0]] = operand(t, i, 1) && operand(t, i, 2); }
void orPredicates(Thread& t, const Instruction& i) { t.registers[i.r[0]] = operand(t, i, 1) || operand(t, i, 2); }
void xorPredicates(Thread& t, const Instruction& i) { t.registers[i.r[0]] = operand(t, i, 1) != operand(t, i, 2); }
void notPredicate(Thread& t, const Instruction& i) { t.registers[i.r[0]] = !operand(t, i, 1); }

/** Distances of a word or more shift everything out. */
template <class T> void shiftLeft(Thread& t, const Instruction& i) {
  uint32_t by = t.get<uint32_t>(i.r[2]);
  t.set<T>(i.r[0], by >= 8 * sizeof(T) ? 0 : static_cast<T>(t.get<T>(i.r[1]) << by));
}
template <class T> void shiftRight(Thread& t, const Instruction& i) {
  uint32_t by = std::min<uint32_t>(t.get<uint32_t>(i.r[2]), 8 * sizeof(T));
  T value = t.get<T>(i.r[1]);
  T end = value < 0 ? static_cast<T>(-1) : static_cast<T>(0);
  t.set<T>(i.r[0], by == 8 * sizeof(T) ? end : static_cast<T>(value >> by));
}

enum class Comparison { Eq, Ne, Lt, Le, Gt, Ge, Num, Nan };

template <class T> bool compare(Comparison comparison, T a, T b) {
  switch (comparison) {
    case Comparison::Eq: return a == b;
    case Comparison::Ne: return a != b;
    case Comparison::Lt: return a < b;
    case Comparison::Le: return a <= b;
    case Comparison::Gt: return a > b;
    case Comparison::Ge: return a >= b;
    default: return false;
  }
}

/** Bits of the mode: the comparison, whether NaN makes it true, and the predicate it joins. */
constexpr int kUnordered = 8, kAnd = 16, kOr = 32, kXor = 64;

template <class T> bool result(const Thread& t, const Instruction& i, size_t first) {
  T a = t.get<T>(i.r[first]), b = t.get<T>(i.r[first + 1]);
  Comparison comparison = static_cast<Comparison>(i.mode & 7);
  if constexpr (std::is_floating_point_v<T>) {
    bool unordered = a != a || b != b;
    if (comparison == Comparison::Num) return !unordered;
    if (comparison == Comparison::Nan) return unordered;
    if (unordered) return (i.mode & kUnordered) != 0;
  }
  return compare(comparison, a, b);
}

template <class T> void setPredicate(Thread& t, const Instruction& i) {
  bool joins = (i.mode & (kAnd | kOr | kXor)) != 0;
  bool two = i.r.size() == (joins ? 5u : 4u);
  size_t first = two ? 2 : 1;
  bool found = result<T>(t, i, first);
  bool other = joins && operand(t, i, first + 2);
  auto join = [&](bool value) {
    return i.mode & kAnd ? value && other : i.mode & kOr ? value || other : i.mode & kXor ? value != other : value;
  };
  t.registers[i.r[0]] = join(found);
  if (two) t.registers[i.r[1]] = join(!found);
}

bool decodeComparison(const Opcode& opcode, Instruction& i) {
  static const std::string names[] = {"eq", "ne", "lt", "le", "gt", "ge", "num", "nan"};
  static const std::string unsignedNames[] = {"", "", "lo", "ls", "hi", "hs"};
  const std::string& name = opcode.qualifiers.at(0);
  i.mode = -1;
  for (int k = 0; k < 8; k++) {
    if (name == names[k] || (k < 6 && name == unsignedNames[k])) i.mode = k;
    if (k < 6 && name == names[k] + "u") i.mode = k | kUnordered;
  }
  if (i.mode < 0) return false;
  i.mode |= opcode.has("and") ? kAnd : opcode.has("or") ? kOr : opcode.has("xor") ? kXor : 0;
  switch (opcode.type()) {
    case Type::B16: case Type::U16: return choose(i, &setPredicate<uint16_t>);
    case Type::S16: return choose(i, &setPredicate<int16_t>);
    case Type::B32: case Type::U32: return choose(i, &setPredicate<uint32_t>);
    case Type::S32: return choose(i, &setPredicate<int32_t>);
    case Type::B64: case Type::U64: return choose(i, &setPredicate<uint64_t>);
    case Type::S64: return choose(i, &setPredicate<int64_t>);
    case Type::F32: return choose(i, &setPredicate<float>);
    case Type::F64: return choose(i, &setPredicate<double>);
    default: return false;
  }
}

void select(Thread& t, const Instruction& i) {
  t.registers[i.r[0]] = t.registers[i.r[operand(t, i, 3) ? 1 : 2]];
}

template <class T> void popCount(Thread& t, const Instruction& i) {
  t.set<uint32_t>(i.r[0], static_cast<uint32_t>(std::popcount(t.get<T>(i.r[1]))));
}
template <class T> void leadingZeros(Thread& t, const Instruction& i) {
  t.set<uint32_t>(i.r[0], static_cast<uint32_t>(std::countl_zero(t.get<T>(i.r[1]))));
}

void reverseBits(Thread& t, const Instruction& i) {
  uint32_t x = t.get<uint32_t>(i.r[1]), y = 0;
  for (int k = 0; k < 32; k++) y |= (x >> k & 1) << (31 - k);
  t.set<uint32_t>(i.r[0], y);
}

uint64_t lowBits(uint32_t count) { return count >= 64 ? ~0ull : (1ull << count) - 1; }

template <class T> void insertField(Thread& t, const Instruction& i) {
  uint32_t at = t.get<uint32_t>(i.r[3]) & 255, length = t.get<uint32_t>(i.r[4]) & 255;
  uint64_t field = t.get<T>(i.r[1]), into = t.get<T>(i.r[2]);
  uint64_t mask = at >= 64 ? 0 : lowBits(length) << at;
  t.set<T>(i.r[0], static_cast<T>((into & ~mask) | (at >= 64 ? 0 : field << at & mask)));
}

/** Beyond the word the field goes on with the sign of signed types. */
template <class T> void extractField(Thread& t, const Instruction& i) {
  uint32_t at = t.get<uint32_t>(i.r[2]) & 255, length = t.get<uint32_t>(i.r[3]) & 255;
  int64_t value = static_cast<int64_t>(t.get<T>(i.r[1]));
  if (length == 0) {
    t.set<T>(i.r[0], 0);
    return;
  }
  value = at >= 64 ? (value < 0 ? -1 : 0) : value >> at;
  if (!std::is_signed_v<T> && at >= 8 * sizeof(T)) value = 0;
  if (length < 64) {
    value &= static_cast<int64_t>(lowBits(length));
    if (std::is_signed_v<T> && value >> (length - 1) & 1) value |= static_cast<int64_t>(~lowBits(length));
  }
  t.set<T>(i.r[0], static_cast<T>(value));
}

void permuteBytes(Thread& t, const Instruction& i) {
  uint64_t bytes = t.get<uint32_t>(i.r[1]) | static_cast<uint64_t>(t.get<uint32_t>(i.r[2])) << 32;
  uint32_t selection = t.get<uint32_t>(i.r[3]), y = 0;
  for (int k = 0; k < 4; k++) {
    uint32_t choice = selection >> (4 * k) & 15;
    uint32_t byte = static_cast<uint32_t>(bytes >> (8 * (choice & 7)) & 255);
    if (choice & 8) byte = byte & 0x80 ? 255 : 0;
    y |= byte << (8 * k);
  }
  t.set<uint32_t>(i.r[0], y);
}

void lookUp3(Thread& t, const Instruction& i) {
  uint32_t a = t.get<uint32_t>(i.r[1]), b = t.get<uint32_t>(i.r[2]), c = t.get<uint32_t>(i.r[3]);
  uint32_t table = t.get<uint32_t>(i.r[4]), y = 0;
  for (int k = 0; k < 8; k++) {
    if (table >> k & 1) y |= (k & 4 ? a : ~a) & (k & 2 ? b : ~b) & (k & 1 ? c : ~c);
  }
  t.set<uint32_t>(i.r[0], y);
}

enum FunnelShift { kLeftWrap, kLeftClamp, kRightWrap, kRightClamp };

void funnelShift(Thread& t, const Instruction& i) {
  uint64_t both = t.get<uint32_t>(i.r[1]) | static_cast<uint64_t>(t.get<uint32_t>(i.r[2])) << 32;
  uint32_t by = t.get<uint32_t>(i.r[3]);
  by = i.mode == kLeftWrap || i.mode == kRightWrap ? by & 31 : std::min(by, 32u);
  bool left = i.mode == kLeftWrap || i.mode == kLeftClamp;
  t.set<uint32_t>(i.r[0], static_cast<uint32_t>(left ? both << by >> 32 : both >> by));
}

}  // namespace

bool decodeLogic(const Opcode& opcode, Instruction& i) {
  Type type = opcode.type();
  const std::string& name = opcode.name;
  bool predicate = type == Type::Pred, wide = bytesOf(type) == 8, narrow = bytesOf(type) == 2;
  if (name == "and") return choose(i, predicate ? &andPredicates : EMU_BITS(binary, And, type));
  if (name == "or") return choose(i, predicate ? &orPredicates : EMU_BITS(binary, Or, type));
  if (name == "xor") return choose(i, predicate ? &xorPredicates : EMU_BITS(binary, Xor, type));
  if (name == "not") return choose(i, predicate ? &notPredicate : EMU_BITS(unary, Not, type));
  if (name == "shl") return choose(i, wide ? &shiftLeft<uint64_t> : narrow ? &shiftLeft<uint16_t> : &shiftLeft<uint32_t>);
  if (name == "shr" && isSigned(type)) {
    return choose(i, wide ? &shiftRight<int64_t> : narrow ? &shiftRight<int16_t> : &shiftRight<int32_t>);
  }
  if (name == "shr") return choose(i, wide ? &shiftRight<uint64_t> : narrow ? &shiftRight<uint16_t> : &shiftRight<uint32_t>);
  if (name == "setp") return decodeComparison(opcode, i);
  if (name == "selp") return choose(i, &select);
  if (name == "popc") return choose(i, wide ? &popCount<uint64_t> : &popCount<uint32_t>);
  if (name == "clz") return choose(i, wide ? &leadingZeros<uint64_t> : &leadingZeros<uint32_t>);
  if (name == "brev" && type == Type::B32) return choose(i, &reverseBits);
  if (name == "bfi") return choose(i, wide ? &insertField<uint64_t> : &insertField<uint32_t>);
  if (name == "bfe" && isSigned(type)) return choose(i, wide ? &extractField<int64_t> : &extractField<int32_t>);
  if (name == "bfe") return choose(i, wide ? &extractField<uint64_t> : &extractField<uint32_t>);
  if (name == "prmt") return choose(i, opcode.qualifiers.empty() ? &permuteBytes : nullptr);
  if (name == "lop3") return choose(i, &lookUp3);
  if (name == "shf") {
    bool wrap = opcode.has("wrap");
    i.mode = opcode.has("l") ? (wrap ? kLeftWrap : kLeftClamp) : (wrap ? kRightWrap : kRightClamp);
    return choose(i, &funnelShift);
  }
  return false;
}

}  // namespace emu
