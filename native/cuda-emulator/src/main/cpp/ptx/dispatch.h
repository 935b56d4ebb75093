// Chooses the instance of an operation for a type.
#pragma once
#include "../machine/thread.h"
#include "program.h"

namespace emu {

/** An operation of two operands: Op::apply(a, b). */
template <class Op, class T> void binary(Thread& t, const Instruction& i) {
  t.set<T>(i.r[0], Op::template apply<T>(t.get<T>(i.r[1]), t.get<T>(i.r[2])));
}

/** An operation of one operand: Op::apply(a). */
template <class Op, class T> void unary(Thread& t, const Instruction& i) {
  t.set<T>(i.r[0], Op::template apply<T>(t.get<T>(i.r[1])));
}

/** The instance of FORM<Op, T> for an integer type; nullptr for others. */
#define EMU_INTEGERS(FORM, Op, type)                   \
  ((type) == Type::U16   ? &FORM<Op, uint16_t>         \
   : (type) == Type::S16 ? &FORM<Op, int16_t>          \
   : (type) == Type::U32 ? &FORM<Op, uint32_t>         \
   : (type) == Type::S32 ? &FORM<Op, int32_t>          \
   : (type) == Type::U64 ? &FORM<Op, uint64_t>         \
   : (type) == Type::S64 ? &FORM<Op, int64_t>          \
                         : static_cast<Executor>(nullptr))

#define EMU_FLOATS(FORM, Op, type)              \
  ((type) == Type::F32   ? &FORM<Op, float>     \
   : (type) == Type::F64 ? &FORM<Op, double>    \
                         : static_cast<Executor>(nullptr))

#define EMU_BITS(FORM, Op, type)                       \
  ((type) == Type::B16   ? &FORM<Op, uint16_t>         \
   : (type) == Type::B32 ? &FORM<Op, uint32_t>         \
   : (type) == Type::B64 ? &FORM<Op, uint64_t>         \
                         : static_cast<Executor>(nullptr))

inline bool isFloat(Type type) { return type == Type::F32 || type == Type::F64; }

/** Sets the executor; false if there is none. */
inline bool choose(Instruction& instruction, Executor run) {
  instruction.run = run;
  return run != nullptr;
}

}  // namespace emu
