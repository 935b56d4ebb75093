package dev.spectron.training.process;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps others from writing into a folder, on all machines that see it, as long as it is open. */
public final class FolderLock implements AutoCloseable {
  /** Name of the file that is locked. */
  public static final String FILE = "lock";

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes a folder, and makes it where it is missing.
   *
   * @throws TrainingException if somebody else has it, or it cannot be written
   */
  public static FolderLock take(Path folder) {
    try {
      Files.createDirectories(folder);
      return new FolderLock(folder, locked(folder));
    } catch (IOException e) {
      throw new TrainingException(
          folder + ": cannot be written (" + e + "); check the path and its permissions", e);
    }
  }

  /** The file is opened here alone: closing it again unlocks it. */
  @SuppressWarnings("MustBeClosedChecker")
  private static FileChannel locked(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(channel)) {
      channel.close();
      throw new TrainingException(
          folder
              + ": expected to write alone, found another run; wait for it or name another --out");
    }
    return channel;
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new TrainingException(folder + ": its lock cannot be given back (" + e + ")", e);
    }
  }
}
