// What the lanes of a warp do together.
#pragma once

namespace emu {

enum WarpOperation {
  kWarpBarrier, kShuffleIndex, kShuffleUp, kShuffleDown, kShuffleXor, kBallot, kAny, kAll,
  kMatrixProduct, kLoadMatrix, kLoadTransposed
};

}  // namespace emu
