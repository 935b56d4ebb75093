package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Lines of a UTF-8 text file, plain or gzipped, of bounded length and number. */
public final class TextLines {
  private static final int MAX_LINE = 1 << 20;
  private static final int MAX_LINES = 4_000_000;

  private TextLines() {}

  /** Gets every line that is not blank. */
  @FunctionalInterface
  public interface Each {
    /**
     * A line.
     *
     * @param where name of the file and number of the line, for messages
     * @param number counted from 1
     * @param line without its line break
     */
    void line(String where, int number, String line);
  }

  /**
   * Reads a file.
   *
   * @throws BundleException if it cannot be read, is no such text, a line is too long, or there are
   *     too many
   */
  public static void read(Path path, Each each) {
    String name = path.getFileName().toString();
    try (InputStream in = Files.newInputStream(path);
        InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder()))) {
      StringBuilder line = new StringBuilder();
      for (int number = 1; readLine(name + ": line " + number, lines, line); number++) {
        if (number > MAX_LINES) {
          throw new BundleException(
              name + ": expected at most " + MAX_LINES + " lines, found more; split the file");
        }
        if (!line.toString().isBlank()) {
          each.line(name + ": line " + number, number, line.toString());
        }
      }
    } catch (CharacterCodingException e) {
      throw new BundleException(name + ": expected UTF-8 text, found other bytes", e);
    } catch (IOException e) {
      throw Json.unreadable(path, e);
    }
  }

  /** One line, ended by LF or CRLF; false at the end of the file. */
  private static boolean readLine(String where, BufferedReader in, StringBuilder line)
      throws IOException {
    line.setLength(0);
    int c = in.read();
    if (c < 0) {
      return false;
    }
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (line.length() == MAX_LINE) {
        throw new BundleException(
            where + ": expected at most " + MAX_LINE + " characters, found more");
      }
      line.append((char) c);
    }
    if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    return true;
  }
}
