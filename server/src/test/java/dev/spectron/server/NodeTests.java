package dev.spectron.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tests in JavaScript, with published packages: what they need is installed, or they fail. */
final class NodeTests {
  /** Where they run. */
  static final Path WORK = Path.of("target", "js");

  private static final Path SOURCES = Path.of("src", "test", "js");
  private static final String LOCK = "package-lock.json";

  private NodeTests() {}

  /** Runs the tests of one file, which must all pass. */
  static void run(String file, Map<String, String> environment)
      throws IOException, InterruptedException {
    install();
    Files.copy(SOURCES.resolve(file), WORK.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    execute(file + ".log", environment, "node", "--test", "--test-reporter=tap", file);
  }

  /** Once for each state of the lock file. */
  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(WORK);
    Path installed = WORK.resolve("installed-lock.json");
    if (Files.exists(installed) && Files.mismatch(SOURCES.resolve(LOCK), installed) == -1) {
      return;
    }
    for (String name : List.of("package.json", LOCK)) {
      Files.copy(SOURCES.resolve(name), WORK.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    execute("npm.log", Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    Files.copy(SOURCES.resolve(LOCK), installed, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void execute(String logName, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path log = WORK.resolve(logName);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(WORK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ended", log).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }
}
