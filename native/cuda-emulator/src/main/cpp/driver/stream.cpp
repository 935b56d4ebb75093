// Streams, events and captured graphs.
#include <algorithm>
#include <chrono>

#include "api.h"

using namespace emu;

namespace {

double milliseconds() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

}  // namespace

EMU_API int cuStreamCreate(void** handle, unsigned) {
  return guarded([=] {
    device().streams.push_back(std::make_unique<Stream>());
    *handle = device().streams.back().get();
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuStreamDestroy_v2(void* handle) {
  return guarded([=] {
    Stream* stream = &device().stream(handle);
    device().drain(*stream);
    auto& streams = device().streams;
    auto found = std::find_if(streams.begin() + 1, streams.end(), [=](auto& s) { return s.get() == stream; });
    if (found == streams.end()) return static_cast<int>(kInvalidHandle);
    streams.erase(found);
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuStreamSynchronize(void* handle) {
  return guarded([=] {
    Stream& stream = device().stream(handle);
    return stream.capture != nullptr ? static_cast<int>(kCaptureUnsupported) : device().drain(stream);
  });
}

EMU_API int cuStreamQuery(void* handle) {
  return guarded([=] { return static_cast<int>(device().stream(handle).queue.empty() ? kSuccess : kNotReady); });
}

EMU_API int cuStreamWaitEvent(void* handle, void* event, unsigned) {
  return guarded([=] {
    Event* waited = static_cast<Event*>(event);
    return device().enqueue(device().stream(handle), [=] {
      if (!waited->done && waited->stream != nullptr) device().drain(*waited->stream);
    });
  });
}

EMU_API int cuEventCreate(void** event, unsigned) { *event = new Event(); return kSuccess; }

EMU_API int cuEventDestroy_v2(void* event) {
  return guarded([=] {
    Event* ended = static_cast<Event*>(event);
    if (!ended->done) device().drain(*ended->stream);
    delete ended;
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuEventRecord(void* event, void* handle) {
  return guarded([=] {
    Event* recorded = static_cast<Event*>(event);
    Stream& stream = device().stream(handle);
    recorded->stream = &stream;
    recorded->done = false;
    return device().enqueue(stream, [=] {
      recorded->done = true;
      recorded->milliseconds = milliseconds();
    });
  });
}

EMU_API int cuEventSynchronize(void* event) {
  return guarded([=] {
    Event* waited = static_cast<Event*>(event);
    return waited->done ? device().failure : device().drain(*waited->stream);
  });
}

EMU_API int cuEventQuery(void* event) { return static_cast<Event*>(event)->done ? kSuccess : kNotReady; }

EMU_API int cuEventElapsedTime(float* elapsed, void* from, void* to) {
  *elapsed = static_cast<float>(static_cast<Event*>(to)->milliseconds - static_cast<Event*>(from)->milliseconds);
  return kSuccess;
}

EMU_API int cuStreamBeginCapture_v2(void* handle, int) {
  return guarded([=] {
    if (reinterpret_cast<uintptr_t>(handle) <= 2) return static_cast<int>(kCaptureUnsupported);
    Stream& stream = device().stream(handle);
    if (stream.capture != nullptr) return static_cast<int>(kCaptureInvalidated);
    stream.capture = new Graph();
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuStreamEndCapture(void* handle, void** graph) {
  return guarded([=] {
    Stream& stream = device().stream(handle);
    if (stream.capture == nullptr) return static_cast<int>(kCaptureInvalidated);
    *graph = stream.capture;
    stream.capture = nullptr;
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuStreamIsCapturing(void* handle, int* capturing) {
  return guarded([=] {
    *capturing = device().stream(handle).capture != nullptr;
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
  *executable = new Graph(*static_cast<Graph*>(graph));
  return kSuccess;
}

EMU_API int cuGraphLaunch(void* executable, void* handle) {
  return guarded([=] {
    for (const Work& work : static_cast<Graph*>(executable)->work) {
      int result = device().enqueue(device().stream(handle), work);
      if (result != kSuccess) return result;
    }
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuGraphGetNodes(void* graph, void** nodes, size_t* count) {
  if (nodes == nullptr) *count = static_cast<Graph*>(graph)->work.size();
  return nodes == nullptr ? kSuccess : kNotSupported;
}

EMU_API int cuGraphExecDestroy(void* executable) { delete static_cast<Graph*>(executable); return kSuccess; }
EMU_API int cuGraphDestroy(void* graph) { delete static_cast<Graph*>(graph); return kSuccess; }
