// Allocations, copies and fills.
#include <cstring>

#include "api.h"

using namespace emu;

namespace {

int allocate(void** address, size_t bytes, bool host) {
  return guarded([=] {
    if (bytes == 0) return static_cast<int>(kInvalidValue);
    *address = device().machine.memory.allocate(bytes, host);
    return static_cast<int>(*address == nullptr ? kOutOfMemory : kSuccess);
  });
}

int release(void* address) {
  return guarded([=] {
    if (address == nullptr) return static_cast<int>(kSuccess);
    device().drainAll();
    return static_cast<int>(device().machine.memory.release(address) ? kSuccess : kInvalidValue);
  });
}

/** Copies bytes and with them the knowledge whether they were written. */
void copyOnDevice(char* to, const char* from, size_t bytes) {
  DeviceMemory& memory = device().machine.memory;
  Allocation& target = memory.require(to, bytes, "copy to");
  Allocation& source = memory.require(from, bytes, "copy from");
  std::memmove(to, from, bytes);
  std::memmove(&target.written[static_cast<size_t>(to - target.begin)],
               &source.written[static_cast<size_t>(from - source.begin)], bytes);
}

void copyToDevice(char* to, const void* from, size_t bytes) {
  Allocation& target = device().machine.memory.require(to, bytes, "copy to");
  std::memcpy(to, from, bytes);
  DeviceMemory::markWritten(target, to, bytes);
}

void copyToHost(void* to, const char* from, size_t bytes) {
  device().machine.memory.requireWritten(from, bytes, "copy to the host");
  std::memcpy(to, from, bytes);
}

/** Whether an asynchronous copy may take its time: the real driver does so with pinned memory only. */
bool pinned(const void* host, size_t bytes) {
  Allocation* found = device().machine.memory.find(host, bytes);
  return found != nullptr && found->host;
}

/** After all that was queued, on any stream. */
int now(const Work& work) {
  return guarded([&] {
    for (auto& stream : device().streams) {
      if (stream->capture != nullptr) return static_cast<int>(kCaptureUnsupported);
    }
    int result = device().drainAll();
    if (result != kSuccess) return result;
    work();
    return static_cast<int>(kSuccess);
  });
}

/** In the order of its stream; at once if the host memory may change under it. */
int later(void* handle, bool lazily, Work work) {
  return guarded([&] {
    Stream& stream = device().stream(handle);
    if (!lazily && stream.capture != nullptr) return static_cast<int>(kCaptureUnsupported);
    int result = device().enqueue(stream, std::move(work));
    return lazily || result != kSuccess ? result : device().drain(stream);
  });
}

void fill(char* to, const void* pattern, size_t size, size_t count) {
  Allocation& target = device().machine.memory.require(to, size * count, "fill");
  for (size_t i = 0; i < count; i++) std::memcpy(to + i * size, pattern, size);
  DeviceMemory::markWritten(target, to, size * count);
}

}  // namespace

EMU_API int cuMemAlloc_v2(void** address, size_t bytes) { return allocate(address, bytes, false); }
EMU_API int cuMemFree_v2(void* address) { return release(address); }
EMU_API int cuMemAllocHost_v2(void** address, size_t bytes) { return allocate(address, bytes, true); }
EMU_API int cuMemHostAlloc(void** address, size_t bytes, unsigned) { return allocate(address, bytes, true); }
EMU_API int cuMemFreeHost(void* address) { return release(address); }
EMU_API int cuMemGetInfo_v2(size_t* free, size_t* total) {
  return guarded([=] {
    *total = kDeviceBytes;
    *free = *total - std::min(*total, device().machine.memory.inUse());
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuMemcpyHtoD_v2(char* to, const void* from, size_t bytes) {
  return now([=] { copyToDevice(to, from, bytes); });
}
EMU_API int cuMemcpyDtoH_v2(void* to, const char* from, size_t bytes) {
  return now([=] { copyToHost(to, from, bytes); });
}
EMU_API int cuMemcpyDtoD_v2(char* to, const char* from, size_t bytes) {
  return now([=] { copyOnDevice(to, from, bytes); });
}
EMU_API int cuMemcpyHtoDAsync_v2(char* to, const void* from, size_t bytes, void* stream) {
  return later(stream, pinned(from, bytes), [=] { copyToDevice(to, from, bytes); });
}
EMU_API int cuMemcpyDtoHAsync_v2(void* to, const char* from, size_t bytes, void* stream) {
  return later(stream, pinned(to, bytes), [=] { copyToHost(to, from, bytes); });
}
EMU_API int cuMemcpyDtoDAsync_v2(char* to, const char* from, size_t bytes, void* stream) {
  return later(stream, true, [=] { copyOnDevice(to, from, bytes); });
}

EMU_API int cuMemsetD8_v2(char* to, unsigned char value, size_t count) {
  return now([=] { fill(to, &value, 1, count); });
}
EMU_API int cuMemsetD32_v2(char* to, unsigned value, size_t count) {
  return now([=] { fill(to, &value, 4, count); });
}
EMU_API int cuMemsetD8Async(char* to, unsigned char value, size_t count, void* stream) {
  return later(stream, true, [=] { fill(to, &value, 1, count); });
}
EMU_API int cuMemsetD32Async(char* to, unsigned value, size_t count, void* stream) {
  return later(stream, true, [=] { fill(to, &value, 4, count); });
}
