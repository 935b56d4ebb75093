#include "traffic.h"

#include <algorithm>
#include <set>

#include "thread.h"

namespace emu {

Traffic::Request& Traffic::request(const Thread& thread, const Instruction& instruction) {
  Warp& warp = warps_[thread.id / 32];
  size_t visit = warp.visits[{thread.id, &instruction}]++;
  std::vector<Request>& requests = warp.requests[&instruction];
  if (visit >= requests.size()) requests.resize(visit + 1);
  return requests[visit];
}

void Traffic::global(const Thread& thread, const Instruction& instruction, Allocation& allocation,
                     const void* address, size_t bytes, bool store) {
  uint64_t at = reinterpret_cast<uint64_t>(address);
  Request& made = request(thread, instruction);
  made.store = store;
  made.accesses.emplace_back(at, bytes);
  std::vector<uint8_t>& touched = store ? allocation.stored : allocation.loaded;
  if (touched.empty()) touched.resize(allocation.size / kSector + 1);
  uint64_t begin = at - reinterpret_cast<uint64_t>(allocation.begin);
  for (uint64_t sector = begin / kSector; sector <= (begin + bytes - 1) / kSector; sector++) {
    if (!touched[sector]) (store ? totals.distinctStoreSectors : totals.distinctLoadSectors)++;
    touched[sector] = 1;
  }
}

void Traffic::shared(const Thread& thread, const Instruction& instruction, uint64_t offset, size_t bytes) {
  Request& made = request(thread, instruction);
  made.shared = true;
  made.accesses.emplace_back(offset, bytes);
}

void Traffic::flush(unsigned warp) {
  if (!on) return;
  for (auto& [instruction, requests] : warps_[warp].requests) {
    for (const Request& made : requests) count(made);
  }
  warps_[warp].requests.clear();
  warps_[warp].visits.clear();
}

void Traffic::count(const Request& request) {
  if (request.accesses.empty()) return;
  if (request.shared) {
    countShared(request);
    return;
  }
  std::set<uint64_t> sectors;
  uint64_t moved = 0;
  for (auto [at, bytes] : request.accesses) {
    moved += bytes;
    for (uint64_t sector = at / kSector; sector <= (at + bytes - 1) / kSector; sector++) sectors.insert(sector);
  }
  (request.store ? totals.storeRequests : totals.loadRequests)++;
  (request.store ? totals.storeBytes : totals.loadBytes) += moved;
  (request.store ? totals.storeSectors : totals.loadSectors) += sectors.size();
}

void Traffic::countShared(const Request& request) {
  // 8-byte accesses go out by half warps, 16-byte ones by quarter warps.
  size_t bytes = request.accesses[0].second;
  size_t lanes = bytes >= 16 ? 8 : bytes == 8 ? 16 : 32;
  for (size_t from = 0; from < request.accesses.size(); from += lanes) {
    std::set<uint64_t> words[32];
    size_t busiest = 1;
    for (size_t i = from; i < std::min(from + lanes, request.accesses.size()); i++) {
      auto [at, size] = request.accesses[i];
      for (uint64_t word = at / 4; word <= (at + size - 1) / 4; word++) {
        words[word % 32].insert(word);
        busiest = std::max(busiest, words[word % 32].size());
      }
    }
    totals.sharedRequests++;
    totals.sharedWavefronts += busiest;
  }
}

}  // namespace emu
