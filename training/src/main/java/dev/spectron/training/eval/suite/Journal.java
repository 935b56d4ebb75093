package dev.spectron.training.eval.suite;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * JSON lines that are only ever added to, each on disk before the next. A last line without its end
 * was cut off and is dropped.
 *
 * @param <E> a line
 */
final class Journal<E> implements AutoCloseable {
  private static final int PORTION = 1 << 16;

  private final Path file;
  private final FileChannel channel;

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens or begins a file.
   *
   * @param type a record
   * @param each gets the lines there are
   * @throws TrainingException naming file and line, if one is malformed
   */
  @SuppressWarnings("MustBeClosedChecker")
  static <E> Journal<E> open(Path file, Class<E> type, Consumer<E> each) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        channel.truncate(endOfLastLine(channel));
        channel.position(channel.size());
        Json.readLines(file, type, each);
        return new Journal<>(file, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (BundleException e) {
      throw new TrainingException(
          e.getMessage() + "; delete the line in " + file + ", and it is measured again", e);
    } catch (IOException e) {
      throw new TrainingException(file + ": cannot be opened (" + e + "); check the folder", e);
    }
  }

  /** Adds a line; returns when it is on disk. */
  void add(E line) {
    ByteBuffer bytes = ByteBuffer.wrap((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw new TrainingException(
          file + ": cannot be written (" + e + "); free some space and run again", e);
    }
  }

  /** Lets others write. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new TrainingException(file + ": cannot be closed (" + e + ")", e);
    }
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    long end = channel.size();
    while (end > 0) {
      long from = Math.max(0, end - PORTION);
      ByteBuffer bytes = ByteBuffer.allocate((int) (end - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
      for (int i = bytes.position() - 1; i >= 0; i--) {
        if (bytes.get(i) == '\n') {
          return from + i + 1;
        }
      }
      end = from;
    }
    return 0;
  }
}
