package dev.spectron.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.spectron.spokenlm.bench.ResidentMemory;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this process holds at a moment.
 *
 * @param seconds since the run began
 * @param answers so far
 * @param resident bytes as the system counts them, 0 where that is not known
 * @param heap bytes in use; of live objects alone after {@link #afterCollection}
 * @param threads of the platform
 * @param files open, sockets too; 0 where that is not known
 */
record Holdings(double seconds, int answers, long resident, long heap, int threads, long files) {
  static Holdings now(double seconds, int answers) {
    return new Holdings(
        seconds,
        answers,
        ResidentMemory.ofThisProcess().stream().mapToLong(ResidentMemory::now).sum(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        openFiles());
  }

  static Holdings afterCollection(double seconds, int answers) {
    System.gc();
    return now(seconds, answers);
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seconds", seconds);
    fields.put("answers", answers);
    fields.put("resident_bytes", resident);
    fields.put("heap_bytes", heap);
    fields.put("threads", threads);
    fields.put("files", files);
    return fields;
  }
}
