// Device and pinned memory: who owns which bytes, and which of them were ever written.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "fault.h"

namespace emu {

constexpr size_t kSector = 32;

/** Memory of the device: enough for tests, too little to exhaust the host. */
constexpr size_t kDeviceBytes = size_t{2} << 30;

struct Allocation {
  char* begin;
  size_t size;
  /** Pinned host memory, which the host may write unseen. */
  bool host;
  bool freed = false;
  /** One byte for each byte: 1 once it was written. */
  std::vector<uint8_t> written;
  /** One byte for each sector: touched by a load, by a store, since statistics began. */
  std::vector<uint8_t> loaded, stored;

  bool holds(const void* address, size_t bytes) const {
    const char* at = static_cast<const char*>(address);
    return at >= begin && at + bytes <= begin + size && at + bytes >= at;
  }
};

/**
 * Every allocation, filled with NaN at first. Freed memory stays known for a while, so that its use
 * is told apart from a stray address.
 */
class DeviceMemory {
 public:
  ~DeviceMemory();

  /** Memory of that size, aligned to 256 bytes; nullptr if there is none. */
  void* allocate(size_t bytes, bool host);

  /** False if no live allocation begins there. */
  bool release(void* address);

  /** The live allocation that holds all those bytes, or nullptr. */
  Allocation* find(const void* address, size_t bytes);

  /** As find, for an access that must be right: throws a fault that says what is there instead. */
  Allocation& require(const void* address, size_t bytes, const char* what);

  /** As require, and every byte was written before. */
  Allocation& requireWritten(const void* address, size_t bytes, const char* what);

  /** Notes that the bytes hold something. */
  static void markWritten(Allocation& allocation, const void* address, size_t bytes);

  /** Makes the contents unknown again, as if freshly allocated. */
  void forget(void* address, size_t bytes);

  /** Bytes of live device memory. */
  size_t inUse() const { return inUse_; }

  /** Forgets which sectors were touched. */
  void resetTouched();

 private:
  void discardOldest();

  std::map<const char*, Allocation> allocations_;
  std::deque<char*> freed_;
  size_t freedBytes_ = 0;
  size_t inUse_ = 0;
};

}  // namespace emu
