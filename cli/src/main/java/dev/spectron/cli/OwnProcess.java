package dev.spectron.cli;

import dev.spectron.core.error.SpokenLmException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** This program again, in a process of its own with the same options of the Java machine. */
final class OwnProcess {
  private static final String FAILURE = "spectron: ";

  private OwnProcess() {}

  /**
   * What came of a run.
   *
   * @param out standard output, empty where it failed
   * @param failure why it failed, empty where it did not
   */
  record Outcome(String out, String failure) {}

  /**
   * Runs a command to its end.
   *
   * @throws SpokenLmException if no process can be started or this thread is interrupted
   */
  static Outcome run(List<String> arguments) {
    List<String> command = new ArrayList<>(command());
    command.addAll(arguments);
    try {
      return outcome(new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new SpokenLmException(
          command.getFirst() + ": cannot be started (" + e + "); check the Java installation", e);
    }
  }

  /** The words that start this program. */
  static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return command;
  }

  private static Outcome outcome(Process process) throws IOException {
    try {
      process.getOutputStream().close();
      CompletableFuture<String> errors = read(process.getErrorStream());
      String out = read(process.getInputStream()).join();
      int code = process.waitFor();
      return code == 0 ? new Outcome(out, "") : new Outcome("", failure(errors.join(), code));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SpokenLmException("interrupted while a process of its own was running", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
  }

  private static String failure(String errors, int code) {
    return errors
        .lines()
        .filter(line -> line.startsWith(FAILURE))
        .findFirst()
        .map(line -> line.substring(FAILURE.length()))
        .orElse("ended with exit status " + code + " and no message");
  }
}
