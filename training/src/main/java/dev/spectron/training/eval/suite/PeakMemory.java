package dev.spectron.training.eval.suite;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process ever held. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d{1,15}) kB$");

  private PeakMemory() {}

  /**
   * Resident memory where the system tells, as Linux does; elsewhere what Java's own pools held.
   *
   * @return millions of bytes
   */
  static double megabytes() {
    try {
      Matcher peak = PEAK.matcher(Files.readString(STATUS));
      if (peak.find()) {
        return Long.parseLong(peak.group(1)) * 1024 / 1e6;
      }
    } catch (IOException e) {
      // No such file: another system.
    }
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
            .sum()
        / 1e6;
  }
}
