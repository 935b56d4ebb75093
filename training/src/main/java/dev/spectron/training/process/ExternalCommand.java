package dev.spectron.training.process;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs an installed program with a time limit; its messages are kept up to a few lines. */
public final class ExternalCommand {
  private static final int KEPT_MESSAGE_BYTES = 2_000;

  private ExternalCommand() {}

  /**
   * Runs a program to its end.
   *
   * @param command program and arguments
   * @param folder working folder
   * @param limit the program is killed after this time
   * @param remedy what to do where the program is missing, as {@code install the package flite}
   * @throws TrainingException if it cannot start, overruns, is interrupted or ends with an error
   */
  public static void run(List<String> command, Path folder, Duration limit, String remedy) {
    output(command, folder, limit, remedy);
  }

  /**
   * The same.
   *
   * @return the first lines of what it wrote
   */
  public static String output(List<String> command, Path folder, Duration limit, String remedy) {
    Process process = start(command, folder, remedy);
    try {
      CompletableFuture<String> message = keepBeginning(process.getInputStream());
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TrainingException(
            command.getFirst()
                + ": expected it to end within "
                + limit.toSeconds()
                + " s, found it running");
      }
      if (process.exitValue() != 0) {
        throw new TrainingException(
            command.getFirst()
                + ": expected exit status 0, found "
                + process.exitValue()
                + ": "
                + message.join().strip());
      }
      return message.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingException(command.getFirst() + ": interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Process start(List<String> command, Path folder, String remedy) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new TrainingException(
          command.getFirst() + ": expected an installed program, found none that starts; " + remedy,
          e);
    }
  }

  /** Reads to the end, so that the program never blocks, but keeps only the beginning. */
  private static CompletableFuture<String> keepBeginning(InputStream output) {
    CompletableFuture<String> beginning = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (output) {
                String kept =
                    new String(output.readNBytes(KEPT_MESSAGE_BYTES), StandardCharsets.UTF_8);
                output.transferTo(OutputStream.nullOutputStream());
                beginning.complete(kept);
              } catch (IOException e) {
                beginning.complete("(its messages cannot be read: " + e.getMessage() + ")");
              }
            });
    return beginning;
  }
}
