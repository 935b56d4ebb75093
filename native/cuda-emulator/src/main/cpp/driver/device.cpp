#include "api.h"

namespace emu {

Device& device() {
  static Device* device = new Device();  // Never destroyed: the JVM may call while it exits.
  return *device;
}

Stream& Device::stream(void* handle) {
  return reinterpret_cast<uintptr_t>(handle) <= 2 ? *streams[0] : *static_cast<Stream*>(handle);
}

int Device::enqueue(Stream& stream, Work work) {
  if (failure != kSuccess) return failure;
  if (stream.capture != nullptr) {
    stream.capture->work.push_back(std::move(work));
    return kSuccess;
  }
  stream.queue.push_back(std::move(work));
  return lazy ? kSuccess : drain(stream);
}

int Device::drain(Stream& stream) {
  while (!stream.queue.empty() && failure == kSuccess) {
    Work work = std::move(stream.queue.front());
    stream.queue.pop_front();
    try {
      work();
    } catch (const Fault& fault) {
      failure = fault.result;
      lastError = fault.what();
    }
  }
  return failure;
}

int Device::drainAll() {
  for (size_t i = 0; i < streams.size(); i++) drain(*streams[i]);
  return failure;
}

int guarded(const std::function<int()>& call) {
  std::lock_guard<std::recursive_mutex> lock(device().mutex);
  try {
    return call();
  } catch (const Fault& fault) {
    device().lastError = fault.what();
    return fault.result;
  }
}

}  // namespace emu
