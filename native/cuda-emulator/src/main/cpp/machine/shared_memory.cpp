#include "shared_memory.h"

#include <cstring>

#include "thread.h"

namespace emu {

void SharedMemory::begin(size_t bytes, size_t granule) {
  granule_ = granule;
  if (bytes > bytes_.size()) {
    bytes_.resize(bytes);
    shadow_.resize(bytes);
  }
  size_ = bytes;
  std::memset(bytes_.data(), 0xff, bytes);
  firstEpoch_ = ++epoch_;
}

SharedMemory::Access SharedMemory::now(const Thread& thread) const {
  return {epoch_, static_cast<uint16_t>(thread.warpSyncs), static_cast<uint16_t>(thread.id + 1)};
}

bool SharedMemory::races(const Access& earlier, const Thread& thread) const {
  if (earlier.thread == 0 || earlier.epoch != epoch_ || earlier.thread == thread.id + 1) return false;
  bool sameWarp = (earlier.thread - 1u) / 32 == thread.id / 32;
  return !(sameWarp && earlier.warpSyncs != static_cast<uint16_t>(thread.warpSyncs));
}

void SharedMemory::race(const char* what, const Thread& thread, size_t cell, const char* other,
                        const Access& earlier) const {
  throw Fault(kLaunchFailed,
              format("shared memory race: thread %u %s byte %zu, which thread %u %s with no barrier "
                     "between", thread.id, what, cell * granule_, earlier.thread - 1u, other));
}

void SharedMemory::requireRange(const char* what, uint64_t offset, size_t bytes) const {
  if (offset + bytes > size_ || offset + bytes < offset) {
    throw Fault(kIllegalAddress, format("out of bounds: shared %s of %zu bytes at byte %llu of %zu", what,
                                        bytes, static_cast<unsigned long long>(offset), size_));
  }
}

void SharedMemory::requireLanded(const Thread& thread, const char* what, size_t index) const {
  const Cell& cell = shadow_[index];
  if (cell.pending != 0 && cell.pendingSince >= firstEpoch_) {
    throw Fault(kLaunchFailed,
                format("late cp.async: thread %u %s byte %zu, which the cp.async of thread %u fills; it "
                       "has not waited for it", thread.id, what, index * granule_, cell.pending - 1u));
  }
}

void SharedMemory::read(const Thread& thread, uint64_t offset, size_t bytes) {
  requireRange("read", offset, bytes);
  Access access = now(thread);
  for (size_t i = offset / granule_; i < (offset + bytes) / granule_; i++) {
    Cell& cell = shadow_[i];
    requireLanded(thread, "reads", i);
    if (cell.writer.thread == 0 || cell.writer.epoch < firstEpoch_) {
      throw Fault(kLaunchFailed, format("uninitialised read: thread %u reads byte %zu of shared memory, "
                                        "which nothing has written", thread.id, i * granule_));
    }
    if (races(cell.writer, thread)) race("reads", thread, i, "wrote", cell.writer);
    if (cell.reader.epoch == epoch_ && cell.reader.thread != thread.id + 1) cell.otherReader = cell.reader;
    cell.reader = access;
  }
}

void SharedMemory::write(const Thread& thread, uint64_t offset, size_t bytes) {
  requireRange("write", offset, bytes);
  Access access = now(thread);
  for (size_t i = offset / granule_; i < (offset + bytes) / granule_; i++) {
    Cell& cell = shadow_[i];
    requireLanded(thread, "writes", i);
    if (races(cell.writer, thread)) race("writes", thread, i, "wrote", cell.writer);
    if (races(cell.reader, thread)) race("writes", thread, i, "read", cell.reader);
    if (races(cell.otherReader, thread)) race("writes", thread, i, "read", cell.otherReader);
    cell.writer = access;
  }
}

void SharedMemory::beginAsync(const Thread& thread, uint64_t offset, size_t bytes) {
  write(thread, offset, bytes);
  std::memset(bytes_.data() + offset, 0xff, bytes);
  for (size_t i = offset / granule_; i < (offset + bytes) / granule_; i++) {
    shadow_[i].pending = static_cast<uint16_t>(thread.id + 1);
    shadow_[i].pendingSince = epoch_;
  }
}

void SharedMemory::endAsync(const Thread& thread, uint64_t offset, size_t bytes) {
  for (size_t i = offset / granule_; i < (offset + bytes) / granule_; i++) shadow_[i].pending = 0;
  write(thread, offset, bytes);
}

}  // namespace emu
