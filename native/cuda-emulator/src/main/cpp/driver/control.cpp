// The emulator's own interface: how threads are ordered, what was counted, what went wrong.
#include <cstring>

#include "api.h"

using namespace emu;

/** Order of threads: 0 forward, 1 reverse, 2 shuffled by the seed. */
EMU_API void emuSchedule(int order, uint64_t seed) {
  std::lock_guard<std::recursive_mutex> lock(device().mutex);
  device().machine.order = static_cast<Order>(order);
  device().machine.seed = seed;
}

/** Whether cp.async copies when waited for, and whether streams run when waited for. */
EMU_API void emuDelay(int lateCopies, int lazyStreams) {
  std::lock_guard<std::recursive_mutex> lock(device().mutex);
  device().machine.lateCopies = lateCopies != 0;
  device().lazy = lazyStreams != 0;
}

/** Starts counting from zero, or stops. */
EMU_API void emuCount(int on) {
  std::lock_guard<std::recursive_mutex> lock(device().mutex);
  device().machine.traffic.on = on != 0;
  device().machine.traffic.totals = {};
  device().machine.memory.resetTouched();
}

/** Copies the totals, as many as the caller has room for. */
EMU_API void emuStatistics(uint64_t* totals, int count) {
  std::lock_guard<std::recursive_mutex> lock(device().mutex);
  const Statistics& found = device().machine.traffic.totals;
  size_t bytes = std::min(sizeof found, static_cast<size_t>(count) * sizeof(uint64_t));
  std::memcpy(totals, &found, bytes);
}

/** The last error in words; empty if there was none. Valid until the next call. */
EMU_API const char* emuLastError() { return device().lastError.c_str(); }

/** Bytes of device memory allocated and not freed. */
EMU_API uint64_t emuMemoryInUse() {
  std::lock_guard<std::recursive_mutex> lock(device().mutex);
  return device().machine.memory.inUse();
}

/** Makes the contents of device memory unknown again, as if freshly allocated. */
EMU_API int emuForget(void* address, size_t bytes) {
  return guarded([=] {
    device().drainAll();
    device().machine.memory.forget(address, bytes);
    return static_cast<int>(kSuccess);
  });
}

/** Forgets the failure and what is queued; memory, modules and streams stay. */
EMU_API void emuReset() {
  std::lock_guard<std::recursive_mutex> lock(device().mutex);
  device().failure = kSuccess;
  device().lastError.clear();
  for (auto& stream : device().streams) {
    stream->queue.clear();
    stream->capture = nullptr;
  }
}

/** For libraries beside this one: work in the order of a stream. Returns what the stream returns. */
EMU_API int emuEnqueue(void* stream, void (*work)(void*), void* argument) {
  return guarded([=] { return device().enqueue(device().stream(stream), [=] { work(argument); }); });
}

/**
 * For libraries beside this one, within enqueued work: checks an access and notes it. Throws through
 * the caller, which must be C++ and must not catch.
 */
EMU_API void emuAccess(void* address, size_t bytes, int store) {
  DeviceMemory& memory = device().machine.memory;
  if (store) {
    DeviceMemory::markWritten(memory.require(address, bytes, "write by a library"), address, bytes);
  } else {
    memory.requireWritten(address, bytes, "read by a library");
  }
}
