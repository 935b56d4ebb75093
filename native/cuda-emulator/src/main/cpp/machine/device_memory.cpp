#include "device_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace emu {

/** Freed memory that stays known. */
static constexpr size_t kQuarantineBytes = 64 << 20;
static constexpr unsigned char kPoison = 0xff;

DeviceMemory::~DeviceMemory() {
  for (auto& [begin, allocation] : allocations_) std::free(allocation.begin);
}

void* DeviceMemory::allocate(size_t bytes, bool host) {
  size_t rounded = (bytes + 255) / 256 * 256;
  if (rounded < bytes || rounded > kDeviceBytes - std::min(kDeviceBytes, inUse_)) return nullptr;
  char* begin = static_cast<char*>(std::aligned_alloc(256, rounded));
  if (begin == nullptr) return nullptr;
  std::memset(begin, kPoison, rounded);
  Allocation allocation{begin, bytes, host, false, {}, {}, {}};
  allocation.written.assign(bytes, host ? 1 : 0);
  allocations_.emplace(begin, std::move(allocation));
  if (!host) inUse_ += bytes;
  return begin;
}

bool DeviceMemory::release(void* address) {
  auto found = allocations_.find(static_cast<char*>(address));
  if (found == allocations_.end() || found->second.freed) return false;
  Allocation& allocation = found->second;
  allocation.freed = true;
  allocation.written = {};
  allocation.loaded = allocation.stored = {};
  std::memset(allocation.begin, kPoison, allocation.size);
  if (!allocation.host) inUse_ -= allocation.size;
  freed_.push_back(allocation.begin);
  freedBytes_ += allocation.size;
  while (freedBytes_ > kQuarantineBytes) discardOldest();
  return true;
}

void DeviceMemory::discardOldest() {
  auto found = allocations_.find(freed_.front());
  freed_.pop_front();
  freedBytes_ -= found->second.size;
  std::free(found->second.begin);
  allocations_.erase(found);
}

Allocation* DeviceMemory::find(const void* address, size_t bytes) {
  auto after = allocations_.upper_bound(static_cast<const char*>(address));
  if (after == allocations_.begin()) return nullptr;
  Allocation& allocation = std::prev(after)->second;
  return !allocation.freed && allocation.holds(address, bytes) ? &allocation : nullptr;
}

Allocation& DeviceMemory::require(const void* address, size_t bytes, const char* what) {
  Allocation* found = find(address, bytes);
  if (found != nullptr) return *found;
  const char* at = static_cast<const char*>(address);
  auto after = allocations_.upper_bound(at);
  if (after == allocations_.begin()) {
    throw Fault(kIllegalAddress, format("out of bounds: %s of %zu bytes at %p, where nothing was "
                                        "allocated", what, bytes, address));
  }
  Allocation& before = std::prev(after)->second;
  if (before.freed && before.holds(address, bytes)) {
    throw Fault(kIllegalAddress, format("use after free: %s of %zu bytes at byte %td of %zu freed ones",
                                        what, bytes, at - before.begin, before.size));
  }
  throw Fault(kIllegalAddress, format("out of bounds: %s of %zu bytes at byte %td of an allocation of "
                                      "%zu bytes", what, bytes, at - before.begin, before.size));
}

Allocation& DeviceMemory::requireWritten(const void* address, size_t bytes, const char* what) {
  Allocation& allocation = require(address, bytes, what);
  size_t at = static_cast<size_t>(static_cast<const char*>(address) - allocation.begin);
  auto begin = allocation.written.begin() + static_cast<ptrdiff_t>(at);
  auto hole = std::find(begin, begin + static_cast<ptrdiff_t>(bytes), 0);
  if (hole != begin + static_cast<ptrdiff_t>(bytes)) {
    throw Fault(kLaunchFailed, format("uninitialised read: %s of %zu bytes at byte %zu of an allocation "
                                      "of %zu bytes, byte %td of which nothing has written",
                                      what, bytes, at, allocation.size, hole - allocation.written.begin()));
  }
  return allocation;
}

void DeviceMemory::markWritten(Allocation& allocation, const void* address, size_t bytes) {
  std::memset(&allocation.written[static_cast<size_t>(static_cast<const char*>(address) - allocation.begin)],
              1, bytes);
}

void DeviceMemory::forget(void* address, size_t bytes) {
  Allocation& allocation = require(address, bytes, "forget");
  std::memset(address, kPoison, bytes);
  std::memset(&allocation.written[static_cast<size_t>(static_cast<char*>(address) - allocation.begin)], 0,
              bytes);
}

void DeviceMemory::resetTouched() {
  for (auto& [begin, allocation] : allocations_) {
    allocation.loaded.clear();
    allocation.stored.clear();
  }
}

}  // namespace emu
