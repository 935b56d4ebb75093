// From the written name of an instruction to the code that carries it out.
#pragma once
#include <string>
#include <vector>

#include "program.h"

namespace emu {

/** The parts of an instruction's name: "ld.global.v4.f32" is "ld" with qualifiers and types. */
struct Opcode {
  std::string text;
  std::string name;
  std::vector<std::string> qualifiers;
  std::vector<Type> types;

  static Opcode parse(const std::string& text);
  bool has(const std::string& qualifier) const;
  Type type() const { return types.empty() ? Type::None : types[0]; }
};

/** Fills in what the instruction's name decides; false if the name is not known. */
bool decode(const Opcode& opcode, Instruction& instruction);

/** A mov one of whose operands is a vector: its destination or its source. */
void useParts(Instruction& instruction, bool destination);

/** The groups that decode asks in turn. */
bool decodeArithmetic(const Opcode& opcode, Instruction& instruction);
bool decodeLogic(const Opcode& opcode, Instruction& instruction);
bool decodeConversion(const Opcode& opcode, Instruction& instruction);
bool decodeMemory(const Opcode& opcode, Instruction& instruction);
bool decodeControl(const Opcode& opcode, Instruction& instruction);

}  // namespace emu
