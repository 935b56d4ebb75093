// What the files of the driver share: the device, its streams, and how calls report errors.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../machine/block.h"

#define EMU_API extern "C" __attribute__((visibility("default")))

namespace emu {

/** Work that runs later; throws a fault. */
using Work = std::function<void()>;

struct Graph {
  std::vector<Work> work;
};

/** A queue that runs nothing until somebody waits for it, so that a missing wait shows. */
struct Stream {
  std::deque<Work> queue;
  /** The graph under capture, or nullptr. */
  Graph* capture = nullptr;
};

struct Event {
  /** Where it was recorded last; nullptr before. */
  Stream* stream = nullptr;
  bool done = true;
  double milliseconds = 0;
};

/** The one device. */
struct Device {
  std::recursive_mutex mutex;
  Machine machine;
  /** The legacy null stream is the first. */
  std::vector<std::unique_ptr<Stream>> streams;
  bool lazy = true;
  /** The first error of the work done; calls return it until the device is reset. */
  int failure = kSuccess;
  std::string lastError;

  Device() { streams.push_back(std::make_unique<Stream>()); }

  /** The stream of a handle; 0, 1 and 2 are the null stream. */
  Stream& stream(void* handle);

  /** Queues work, or adds it to the graph under capture. */
  int enqueue(Stream& stream, Work work);

  /** Runs what a stream has queued. */
  int drain(Stream& stream);

  /** Runs what all streams have queued. */
  int drainAll();
};

Device& device();

/** Carries out a call under the device's lock; a fault becomes the call's result. */
int guarded(const std::function<int()>& call);

}  // namespace emu
