package dev.spectron.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sends log lines to standard error, one line each: warnings only, or everything of interest. DJL
 * warns that it finds no GPU, which is no news to whoever did not ask for one.
 */
final class Logging {
  private static final String DJL = "ai.djl.";

  private Logging() {}

  static void configure(boolean verbose, PrintStream err) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(verbose ? Level.INFO : Level.WARNING);
    Handler lines = new Lines(err);
    lines.setFilter(
        line ->
            verbose || line.getLevel().equals(Level.SEVERE) || !isOf(DJL, line.getLoggerName()));
    root.addHandler(lines);
  }

  private static boolean isOf(String library, String logger) {
    return logger != null && logger.startsWith(library);
  }

  private static final class Lines extends Handler {
    private final PrintStream err;

    Lines(PrintStream err) {
      this.err = err;
      setFormatter(new Line());
    }

    @Override
    public void publish(LogRecord line) {
      if (isLoggable(line)) {
        err.println(getFormatter().format(line));
      }
    }

    @Override
    public void flush() {
      err.flush();
    }

    @Override
    public void close() {
      flush();
    }
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord line) {
      String cause = line.getThrown() == null ? "" : " (" + line.getThrown() + ")";
      String level = line.getLevel().getName().toLowerCase(Locale.ROOT);
      return Failures.oneLine("spectron: " + level + ": " + formatMessage(line) + cause);
    }
  }
}
