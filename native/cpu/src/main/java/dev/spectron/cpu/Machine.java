package dev.spectron.cpu;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/**
 * What kernels run on.
 *
 * @param width vector registers
 * @param scalars stand in for product kernels that are not compiled yet
 * @param team threads
 * @param workspaces scratch memory, one a thread of the team
 * @param pool arrays for whole activations; for the calling thread only
 * @param natives products in native code: one element, or none where the processor lacks the
 *     instructions
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Machine(
    VectorWidth width,
    ScalarProducts scalars,
    CpuTeam team,
    Workspace[] workspaces,
    BufferPool pool,
    List<NativeProducts> natives) {
  /** Scratch memory is freed with {@code arena}. */
  static Machine of(
      VectorWidth width,
      ScalarProducts scalars,
      CpuTeam team,
      BufferPool pool,
      NativeProducts.Loaded natives,
      Arena arena) {
    Workspace[] workspaces = new Workspace[team.threads()];
    Arrays.setAll(workspaces, _ -> new Workspace(arena));
    return new Machine(width, scalars, team, workspaces, pool, natives.natives());
  }
}
