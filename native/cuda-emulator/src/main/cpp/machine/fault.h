// What a kernel did wrong.
#pragma once
#include <cstdarg>
#include <stdexcept>
#include <string>

namespace emu {

/** Error codes of the driver API that are given out here. */
enum Result {
  kSuccess = 0, kInvalidValue = 1, kOutOfMemory = 2, kInvalidContext = 201, kInvalidImage = 200,
  kInvalidPtx = 218, kInvalidHandle = 400, kNotFound = 500, kNotReady = 600, kIllegalAddress = 700,
  kLaunchOutOfResources = 701, kMisalignedAddress = 716, kLaunchFailed = 719, kNotSupported = 801,
  kCaptureUnsupported = 900, kCaptureInvalidated = 901
};

/** An error found while a kernel or a copy runs; the message starts with its kind. */
struct Fault : std::runtime_error {
  Fault(Result result, const std::string& message) : std::runtime_error(message), result(result) {}
  Result result;
};

/** A formatted text. */
std::string format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));

}  // namespace emu
