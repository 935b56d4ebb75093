package dev.spectron.spokenlm.bench;

import dev.spectron.core.error.SpokenLmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory of this process as the system sees it: heap, weights outside of it, mapped files, code.
 *
 * @param now bytes
 * @param peak bytes at most since the process started
 */
public record ResidentMemory(long now, long peak) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** One element on Linux, none elsewhere, where there is nothing to read it from. */
  public static List<ResidentMemory> ofThisProcess() {
    if (!Files.isReadable(STATUS)) {
      return List.of();
    }
    try {
      return List.of(parse(Files.readString(STATUS, StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      throw new SpokenLmException(
          STATUS + ": cannot be read (" + e + "); leave memory unmeasured", e);
    }
  }

  /** From the lines of {@code proc_pid_status(5)}. */
  static ResidentMemory parse(String status) {
    return new ResidentMemory(bytes(status, "VmRSS"), bytes(status, "VmHWM"));
  }

  private static long bytes(String status, String key) {
    Matcher line = Pattern.compile("(?m)^" + key + ":\\s+(\\d{1,15}) kB$").matcher(status);
    if (!line.find()) {
      throw new SpokenLmException(
          STATUS + ": expected a line " + key + " in kB, found none; leave memory unmeasured");
    }
    return Math.multiplyExact(1024L, Long.parseLong(line.group(1)));
  }
}
