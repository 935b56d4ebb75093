// Device, context and errors.
#include <cstdio>
#include <cstring>
#include <map>

#include "api.h"

using namespace emu;

namespace {

/** An H100's limits, by CUdevice_attribute. */
const std::map<int, int>& attributes() {
  static const std::map<int, int> values{
      {1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 2147483647}, {6, 65535}, {7, 65535},
      {8, 49152}, {9, 65536}, {10, 32}, {12, 65536}, {16, 132}, {39, 2048}, {40, 1}, {41, 1},
      {75, 9}, {76, 0}, {81, 233472}, {82, 65536}, {97, 232448}};
  return values;
}

int context_;
int driverVersion = 12060;
thread_local void* current = nullptr;

}  // namespace

EMU_API int cuInit(unsigned) { return kSuccess; }
EMU_API int cuDriverGetVersion(int* version) { *version = driverVersion; return kSuccess; }

/** For tests of who refuses an old driver: 1000 · major + 10 · minor of CUDA. */
EMU_API void emuDriverVersion(int version) { driverVersion = version; }

EMU_API int cuDeviceGetCount(int* count) { *count = 1; return kSuccess; }
EMU_API int cuDeviceGet(int* found, int ordinal) { *found = 0; return ordinal == 0 ? kSuccess : 101; }
EMU_API int cuDeviceGetName(char* name, int length, int) {
  std::snprintf(name, static_cast<size_t>(length), "CPU emulation of sm_90");
  return kSuccess;
}
EMU_API int cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = kDeviceBytes; return kSuccess; }
EMU_API int cuDeviceGetAttribute(int* value, int attribute, int) {
  auto found = attributes().find(attribute);
  *value = found == attributes().end() ? 0 : found->second;
  return kSuccess;
}

EMU_API int cuDevicePrimaryCtxRetain(void** context, int) { *context = &context_; return kSuccess; }
EMU_API int cuDevicePrimaryCtxRelease_v2(int) { return kSuccess; }
EMU_API int cuCtxSetCurrent(void* context) { current = context; return kSuccess; }
EMU_API int cuCtxGetCurrent(void** context) { *context = current; return kSuccess; }
EMU_API int cuCtxGetDevice(int* found) { *found = 0; return current == nullptr ? kInvalidContext : kSuccess; }
EMU_API int cuCtxSynchronize() {
  return guarded([] { return device().drainAll(); });
}

EMU_API int cuGetErrorName(int error, const char** name) {
  static const std::map<int, const char*> names{
      {0, "CUDA_SUCCESS"}, {1, "CUDA_ERROR_INVALID_VALUE"}, {2, "CUDA_ERROR_OUT_OF_MEMORY"},
      {218, "CUDA_ERROR_INVALID_PTX"}, {400, "CUDA_ERROR_INVALID_HANDLE"}, {500, "CUDA_ERROR_NOT_FOUND"},
      {600, "CUDA_ERROR_NOT_READY"}, {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
      {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"}, {716, "CUDA_ERROR_MISALIGNED_ADDRESS"},
      {719, "CUDA_ERROR_LAUNCH_FAILED"}, {801, "CUDA_ERROR_NOT_SUPPORTED"},
      {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"}};
  auto found = names.find(error);
  *name = found == names.end() ? "CUDA_ERROR_UNKNOWN" : found->second;
  return kSuccess;
}

/** The last fault in words, which the real driver does not know. */
EMU_API int cuGetErrorString(int error, const char** text) {
  if (device().lastError.empty()) return cuGetErrorName(error, text);
  *text = device().lastError.c_str();
  return kSuccess;
}
