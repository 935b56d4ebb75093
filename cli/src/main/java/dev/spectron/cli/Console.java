package dev.spectron.cli;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Where the command reads and writes.
 *
 * @param in standard input
 * @param out results
 * @param err errors and progress
 * @param terminal whether a person watches; asked only when needed, as finding out takes time
 */
record Console(InputStream in, PrintStream out, PrintStream err, BooleanSupplier terminal) {
  /** The streams of the process, in UTF-8 whatever the locale. */
  static Console standard() {
    return new Console(
        System.in,
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
            false,
            StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Console::isWatched);
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again, as before 22
  private static boolean isWatched() {
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * Reads a recording.
   *
   * @param file a path, or {@code -} for standard input
   * @throws dev.spectron.core.error.AudioException if it cannot be read
   */
  Waveform read(String file) {
    return file.equals(AnswerFiles.STANDARD_INPUT)
        ? WavFile.read("standard input", in)
        : WavFile.read(Path.of(file));
  }

  /** Prints a line of the result at once. */
  void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Whether whoever read the results has gone away, as {@code head} does. */
  boolean isClosed() {
    return out.checkError();
  }

  void flush() {
    out.flush();
    err.flush();
  }

  PrintWriter outWriter() {
    return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
  }

  PrintWriter errWriter() {
    return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
  }
}
