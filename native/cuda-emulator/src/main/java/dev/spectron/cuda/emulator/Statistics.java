package dev.spectron.cuda.emulator;

/**
 * What kernels did since counting began. A request is one instruction of one warp; a sector is 32
 * aligned bytes of device memory; a wavefront is one pass through the banks of shared memory.
 *
 * @param launches kernels run
 * @param instructions instructions carried out, summed over threads
 * @param loadRequests requests that read device memory
 * @param loadBytes bytes they asked for, lane by lane
 * @param loadSectors sectors they touched, request by request
 * @param distinctLoadSectors sectors read at least once: what must come from memory whatever the
 *     cache
 * @param storeRequests requests that write device memory
 * @param storeBytes bytes they wrote
 * @param storeSectors sectors they touched
 * @param distinctStoreSectors sectors written at least once
 * @param sharedRequests requests to shared memory, 16-byte ones counted by quarter warps
 * @param sharedWavefronts passes they took: equal to the requests without bank conflicts
 */
public record Statistics(
    long launches,
    long instructions,
    long loadRequests,
    long loadBytes,
    long loadSectors,
    long distinctLoadSectors,
    long storeRequests,
    long storeBytes,
    long storeSectors,
    long distinctStoreSectors,
    long sharedRequests,
    long sharedWavefronts) {
  /** Bytes of a sector. */
  public static final int SECTOR = 32;

  /** Number of totals, in the order of the record. */
  static final int COUNT = 12;

  static Statistics of(long[] totals) {
    return new Statistics(
        totals[0],
        totals[1],
        totals[2],
        totals[3],
        totals[4],
        totals[5],
        totals[6],
        totals[7],
        totals[8],
        totals[9],
        totals[10],
        totals[11]);
  }

  /** Bytes that must come from memory: distinct sectors read. */
  public long distinctLoadBytes() {
    return distinctLoadSectors * SECTOR;
  }

  /** Share of the sectors' bytes that was asked for: 1 where neighbours read neighbours. */
  public double loadEfficiency() {
    return loadSectors == 0 ? 1 : (double) loadBytes / (SECTOR * loadSectors);
  }

  /** Passes through shared memory a request: 1 without bank conflicts. */
  public double bankConflicts() {
    return sharedRequests == 0 ? 1 : (double) sharedWavefronts / sharedRequests;
  }
}
