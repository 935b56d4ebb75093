#include "operation.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace emu {

Type typeNamed(const std::string& name) {
  static const std::map<std::string, Type> types{
      {"pred", Type::Pred}, {"b8", Type::B8},     {"u8", Type::U8},   {"s8", Type::S8},
      {"b16", Type::B16},   {"u16", Type::U16},   {"s16", Type::S16}, {"b32", Type::B32},
      {"u32", Type::U32},   {"s32", Type::S32},   {"b64", Type::B64}, {"u64", Type::U64},
      {"s64", Type::S64},   {"bf16", Type::BF16}, {"f32", Type::F32}, {"f64", Type::F64},
      {"bf16x2", Type::BF16x2}};
  auto found = types.find(name);
  return found == types.end() ? Type::None : found->second;
}

Opcode Opcode::parse(const std::string& text) {
  Opcode opcode;
  opcode.text = text;
  std::istringstream parts(text);
  std::getline(parts, opcode.name, '.');
  for (std::string part; std::getline(parts, part, '.');) {
    Type type = typeNamed(part);
    if (type == Type::None) {
      opcode.qualifiers.push_back(part);
    } else {
      opcode.types.push_back(type);
    }
  }
  return opcode;
}

bool Opcode::has(const std::string& qualifier) const {
  return std::find(qualifiers.begin(), qualifiers.end(), qualifier) != qualifiers.end();
}

bool decode(const Opcode& opcode, Instruction& instruction) {
  instruction.text = opcode.text;
  instruction.type = opcode.type();
  instruction.source = opcode.types.size() > 1 ? opcode.types[1] : Type::None;
  return decodeArithmetic(opcode, instruction) || decodeLogic(opcode, instruction) ||
         decodeConversion(opcode, instruction) || decodeMemory(opcode, instruction) ||
         decodeControl(opcode, instruction);
}

}  // namespace emu
