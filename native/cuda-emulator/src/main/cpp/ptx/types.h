// The scalar types of PTX and the bits that registers hold.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>

namespace emu {

enum class Type { None, Pred, B8, U8, S8, B16, U16, S16, B32, U32, S32, B64, U64, S64, BF16, F32, F64, BF16x2 };

/** The type of that PTX name, such as "f32"; None if there is none. */
Type typeNamed(const std::string& name);

/** Bytes in memory. */
inline int bytesOf(Type type) {
  switch (type) {
    case Type::B8: case Type::U8: case Type::S8: case Type::Pred: return 1;
    case Type::B16: case Type::U16: case Type::S16: case Type::BF16: return 2;
    case Type::B32: case Type::U32: case Type::S32: case Type::F32: case Type::BF16x2: return 4;
    case Type::B64: case Type::U64: case Type::S64: case Type::F64: return 8;
    case Type::None: return 0;
  }
  return 0;
}

inline bool isSigned(Type type) {
  return type == Type::S8 || type == Type::S16 || type == Type::S32 || type == Type::S64;
}

/** The low bits of a register as a value. */
template <class T> T fromBits(uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/** A value as a register holds it: integers extend by their sign, all else by zeros. */
template <class T> uint64_t toBits(T value) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<uint64_t>(static_cast<int64_t>(value)) &
           (std::is_signed_v<T> ? ~0ull : ~0ull >> (64 - 8 * sizeof(T)));
  } else {
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return bits;
  }
}

inline float bf16ToFloat(uint16_t bits) { return fromBits<float>(static_cast<uint64_t>(bits) << 16); }

/** Rounds to nearest, ties to even. */
inline uint16_t floatToBf16(float value) {
  uint32_t bits = static_cast<uint32_t>(toBits(value));
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fff;
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

}  // namespace emu
