// Modules of PTX text and the launch of their kernels.
#include <cstring>
#include <deque>
#include <memory>

#include "../ptx/lexer.h"
#include "api.h"

using namespace emu;

namespace {

constexpr int kMaxDynamicShared = 232448;
constexpr int kUsualDynamicShared = 49152;

using Kernels = std::map<std::string, std::unique_ptr<Kernel>>;

struct Module {
  std::shared_ptr<const Kernels> kernels;
};

/** The kernels of a text; the last few texts are remembered, since tests load the same again and again. */
std::shared_ptr<const Kernels> kernelsOf(const char* text) {
  static std::deque<std::pair<std::string, std::shared_ptr<const Kernels>>> known;
  for (auto& [from, kernels] : known) {
    if (from == text) return kernels;
  }
  auto kernels = std::make_shared<const Kernels>(parsePtx(text));
  known.emplace_front(text, kernels);
  if (known.size() > 2) known.pop_back();
  return kernels;
}

struct Function {
  const Kernel* kernel;
  int maxDynamicShared = kUsualDynamicShared;
};

int load(void** module, const void* image) {
  return guarded([=] {
    const char* text = static_cast<const char*>(image);
    if (std::strstr(text, ".version") == nullptr) {
      device().lastError = "the image is no PTX text";
      return static_cast<int>(kInvalidImage);
    }
    try {
      auto made = std::make_unique<Module>();
      made->kernels = kernelsOf(text);
      *module = made.release();
      return static_cast<int>(kSuccess);
    } catch (const PtxError& error) {
      device().lastError = error.what();
      return static_cast<int>(kInvalidPtx);
    }
  });
}

bool fits(const Function& function, Size3 grid, Size3 block, unsigned dynamicShared) {
  uint64_t threads = static_cast<uint64_t>(block.x) * block.y * block.z;
  return grid.x > 0 && grid.y > 0 && grid.z > 0 && threads > 0 && threads <= 1024 && block.z <= 64 &&
         grid.x <= 2147483647 && grid.y <= 65535 && grid.z <= 65535 &&
         dynamicShared <= static_cast<unsigned>(function.maxDynamicShared);
}

}  // namespace

EMU_API int cuModuleLoadData(void** module, const void* image) { return load(module, image); }
EMU_API int cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
  return load(module, image);
}
EMU_API int cuModuleUnload(void* module) {
  return guarded([=] {
    device().drainAll();
    delete static_cast<Module*>(module);
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuModuleGetFunction(void** function, void* module, const char* name) {
  return guarded([=] {
    const Kernels& kernels = *static_cast<Module*>(module)->kernels;
    auto found = kernels.find(name);
    if (found == kernels.end()) return static_cast<int>(kNotFound);
    *function = new Function{found->second.get()};
    return static_cast<int>(kSuccess);
  });
}

/** Attribute 8: the most dynamic shared memory that launches may ask for. */
EMU_API int cuFuncSetAttribute(void* function, int attribute, int value) {
  return guarded([=] {
    if (attribute != 8) return static_cast<int>(kSuccess);
    if (value < 0 || value > kMaxDynamicShared) return static_cast<int>(kInvalidValue);
    static_cast<Function*>(function)->maxDynamicShared = value;
    return static_cast<int>(kSuccess);
  });
}

EMU_API int cuFuncGetAttribute(int* value, int attribute, void* function) {
  const Function& found = *static_cast<Function*>(function);
  *value = attribute == 0   ? 1024
           : attribute == 1 ? static_cast<int>(found.kernel->staticShared)
           : attribute == 8 ? found.maxDynamicShared
                            : 0;
  return kSuccess;
}

EMU_API int cuLaunchKernel(void* handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                           unsigned blockY, unsigned blockZ, unsigned dynamicShared, void* stream,
                           void** parameters, void** extra) {
  return guarded([=] {
    const Function& function = *static_cast<Function*>(handle);
    Launch launch{function.kernel, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, dynamicShared, {}};
    if (extra != nullptr || !fits(function, launch.grid, launch.block, dynamicShared)) {
      device().lastError = format("launch of %s: grid (%u, %u, %u), block (%u, %u, %u) or %u bytes of "
                                  "dynamic shared memory out of range", function.kernel->name.c_str(), gridX,
                                  gridY, gridZ, blockX, blockY, blockZ, dynamicShared);
      return static_cast<int>(kInvalidValue);
    }
    // The driver takes a copy of the parameters before it returns.
    launch.parameters.resize(function.kernel->parameterBytes);
    for (size_t i = 0; i < function.kernel->parameters.size(); i++) {
      auto [offset, bytes] = function.kernel->parameters[i];
      std::memcpy(launch.parameters.data() + offset, parameters[i], bytes);
    }
    return device().enqueue(device().stream(stream), [launch] { run(device().machine, launch); });
  });
}
