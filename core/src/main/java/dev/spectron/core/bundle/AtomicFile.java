package dev.spectron.core.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;

/**
 * Files and folders that appear whole or not at all: written under a temporary name beside the
 * target, forced to disk, renamed. A failure leaves what was there before and no temporary file.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes one file. An existing file is replaced; a link is followed; a device or pipe is written
   * to directly, since renaming over it would destroy it.
   *
   * @param target where the file appears; its folder must exist
   * @param content writes the bytes; whatever it throws ends the write
   * @throws IOException if the file cannot be written
   */
  public static void write(Path target, Content content) throws IOException {
    if (isSpecial(target)) {
      try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
      }
      return;
    }
    Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    Path temporary = temporaryBeside(file);
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    force(file.getParent());
  }

  /** Writes a text in UTF-8, as {@link #write(Path, Content)}. */
  public static void write(Path target, String text) throws IOException {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes, as {@link #write(Path, Content)}. */
  public static void write(Path target, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    write(
        target,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /** A path in the folder of {@code target} that no file has, for what will be renamed to it. */
  static Path temporaryBeside(Path target) {
    String name =
        "." + target.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8) + ".tmp";
    return target.resolveSibling(name);
  }

  /** Makes the names in a folder durable, where the system can. */
  static void force(Path folder) throws IOException {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows")) {
      return; // cannot open a folder, and orders renames itself
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static boolean isSpecial(Path target) {
    return Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target);
  }

  /** Writes the bytes of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code channel}, which the caller closes. */
    void writeTo(FileChannel channel) throws IOException;
  }
}
