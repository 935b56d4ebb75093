// Sums, products, quotients, extrema and the functions of the special function unit.
#include <algorithm>
#include <cmath>
#include <limits>

#include "dispatch.h"
#include "operation.h"

namespace emu {
namespace {

struct Add { template <class T> static T apply(T a, T b) { return static_cast<T>(a + b); } };
struct Sub { template <class T> static T apply(T a, T b) { return static_cast<T>(a - b); } };
struct Mul { template <class T> static T apply(T a, T b) { return static_cast<T>(a * b); } };

struct Div {
  template <class T> static T apply(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return static_cast<T>(-1);
      if (std::is_signed_v<T> && b == static_cast<T>(-1)) return static_cast<T>(0 - a);
    }
    return static_cast<T>(a / b);
  }
};

struct Rem {
  template <class T> static T apply(T a, T b) {
    if (b == 0) return a;
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) return 0;
    return static_cast<T>(a % b);
  }
};

/** Of a number and NaN, the number. */
struct Min {
  template <class T> static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return std::fmin(a, b); else return std::min(a, b);
  }
};
struct Max {
  template <class T> static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return std::fmax(a, b); else return std::max(a, b);
  }
};

struct MulHigh {
  template <class T> static T apply(T a, T b) {
    using Wide = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
    return static_cast<T>((static_cast<Wide>(a) * static_cast<Wide>(b)) >> (8 * sizeof(T)));
  }
};

struct Neg { template <class T> static T apply(T a) { return static_cast<T>(-a); } };
struct Abs {
  template <class T> static T apply(T a) {
    if constexpr (std::is_floating_point_v<T>) return std::fabs(a);
    else return static_cast<T>(a < 0 ? 0 - a : a);
  }
};

struct Exp2 { template <class T> static T apply(T a) { return std::exp2(a); } };
struct Log2 { template <class T> static T apply(T a) { return std::log2(a); } };
struct Rcp { template <class T> static T apply(T a) { return 1 / a; } };
struct Sqrt { template <class T> static T apply(T a) { return std::sqrt(a); } };
struct Rsqrt { template <class T> static T apply(T a) { return 1 / std::sqrt(a); } };
struct Tanh { template <class T> static T apply(T a) { return std::tanh(a); } };
struct Sin { template <class T> static T apply(T a) { return std::sin(a); } };
struct Cos { template <class T> static T apply(T a) { return std::cos(a); } };

struct Copysign { template <class T> static T apply(T a, T b) { return std::copysign(b, a); } };

/** Op, the result cut to [0, 1]; NaN becomes 0. */
template <class Op, class T> void saturated(Thread& t, const Instruction& i) {
  T y = Op::template apply<T>(t.get<T>(i.r[1]), t.get<T>(i.r[2]));
  t.set<T>(i.r[0], y > 0 ? std::min<T>(y, 1) : 0);
}

template <class Op, class T> void multiplyAdd(Thread& t, const Instruction& i) {
  T product = Op::template apply<T>(t.get<T>(i.r[1]), t.get<T>(i.r[2]));
  t.set<T>(i.r[0], static_cast<T>(product + t.get<T>(i.r[3])));
}

template <class T> void fma(Thread& t, const Instruction& i) {
  T y = std::fma(t.get<T>(i.r[1]), t.get<T>(i.r[2]), t.get<T>(i.r[3]));
  if (i.mode) y = y > 0 ? std::min<T>(y, 1) : 0;
  t.set<T>(i.r[0], y);
}

void fmaBf16x2(Thread& t, const Instruction& i) {
  uint32_t y = 0;
  for (int half = 0; half < 2; half++) {
    auto part = [&](uint32_t place) {
      return bf16ToFloat(static_cast<uint16_t>(t.get<uint32_t>(place) >> (16 * half)));
    };
    float sum = std::fma(part(i.r[1]), part(i.r[2]), part(i.r[3]));
    y |= static_cast<uint32_t>(floatToBf16(sum)) << (16 * half);
  }
  t.set<uint32_t>(i.r[0], y);
}

template <class Narrow, class Wide> void mulWide(Thread& t, const Instruction& i) {
  t.set<Wide>(i.r[0], static_cast<Wide>(t.get<Narrow>(i.r[1])) * static_cast<Wide>(t.get<Narrow>(i.r[2])));
}

template <class Narrow, class Wide> void madWide(Thread& t, const Instruction& i) {
  Wide product = static_cast<Wide>(t.get<Narrow>(i.r[1])) * static_cast<Wide>(t.get<Narrow>(i.r[2]));
  t.set<Wide>(i.r[0], static_cast<Wide>(product + t.get<Wide>(i.r[3])));
}

#define EMU_WIDE(FORM, type)                               \
  ((type) == Type::U16   ? &FORM<uint16_t, uint32_t>       \
   : (type) == Type::S16 ? &FORM<int16_t, int32_t>         \
   : (type) == Type::U32 ? &FORM<uint32_t, uint64_t>       \
   : (type) == Type::S32 ? &FORM<int32_t, int64_t>         \
                         : static_cast<Executor>(nullptr))

/** Integers and floats alike. */
#define EMU_NUMBERS(FORM, Op, type) \
  (isFloat(type) ? EMU_FLOATS(FORM, Op, type) : EMU_INTEGERS(FORM, Op, type))

bool decodeProduct(const Opcode& opcode, Instruction& i) {
  Type type = opcode.type();
  if (opcode.name == "mul") {
    if (opcode.has("wide")) return choose(i, EMU_WIDE(mulWide, type));
    if (opcode.has("hi")) return choose(i, EMU_INTEGERS(binary, MulHigh, type));
    if (opcode.has("sat")) return choose(i, EMU_FLOATS(saturated, Mul, type));
    return choose(i, EMU_NUMBERS(binary, Mul, type));
  }
  if (opcode.name == "mad" && !isFloat(type)) {
    if (opcode.has("wide")) return choose(i, EMU_WIDE(madWide, type));
    if (opcode.has("hi")) return choose(i, EMU_INTEGERS(multiplyAdd, MulHigh, type));
    return choose(i, EMU_INTEGERS(multiplyAdd, Mul, type));
  }
  if (opcode.name == "fma" || opcode.name == "mad") {
    i.mode = opcode.has("sat");
    if (type == Type::BF16x2) return choose(i, fmaBf16x2);
    return choose(i, type == Type::F32 ? &fma<float> : type == Type::F64 ? &fma<double> : nullptr);
  }
  return false;
}

}  // namespace

bool decodeArithmetic(const Opcode& opcode, Instruction& i) {
  Type type = opcode.type();
  const std::string& name = opcode.name;
  if (name == "add") {
    if (opcode.has("sat")) return choose(i, EMU_FLOATS(saturated, Add, type));
    return choose(i, EMU_NUMBERS(binary, Add, type));
  }
  if (name == "sub") return choose(i, EMU_NUMBERS(binary, Sub, type));
  if (name == "div") return choose(i, EMU_NUMBERS(binary, Div, type));
  if (name == "rem") return choose(i, EMU_INTEGERS(binary, Rem, type));
  if (name == "min") return choose(i, EMU_NUMBERS(binary, Min, type));
  if (name == "max") return choose(i, EMU_NUMBERS(binary, Max, type));
  if (name == "neg") return choose(i, EMU_NUMBERS(unary, Neg, type));
  if (name == "abs") return choose(i, EMU_NUMBERS(unary, Abs, type));
  if (name == "copysign") return choose(i, EMU_FLOATS(binary, Copysign, type));
  if (name == "ex2") return choose(i, EMU_FLOATS(unary, Exp2, type));
  if (name == "lg2") return choose(i, EMU_FLOATS(unary, Log2, type));
  if (name == "rcp") return choose(i, EMU_FLOATS(unary, Rcp, type));
  if (name == "sqrt") return choose(i, EMU_FLOATS(unary, Sqrt, type));
  if (name == "rsqrt") return choose(i, EMU_FLOATS(unary, Rsqrt, type));
  if (name == "tanh") return choose(i, EMU_FLOATS(unary, Tanh, type));
  if (name == "sin") return choose(i, EMU_FLOATS(unary, Sin, type));
  if (name == "cos") return choose(i, EMU_FLOATS(unary, Cos, type));
  return decodeProduct(opcode, i);
}

}  // namespace emu
