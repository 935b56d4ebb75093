package dev.spectron.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A bar on standard error with the time it will still take: redrawn on a terminal, elsewhere a line
 * now and then.
 */
final class Progress implements AutoCloseable {
  private static final int MILLISECONDS_BETWEEN_DRAWINGS = 500;
  private static final int MILLISECONDS_BETWEEN_LINES = 30_000;
  private static final int WIDTH = 96;

  private final ProgressBarBuilder builder;
  private ProgressBar bar;

  private Progress(ProgressBarBuilder builder) {
    this.builder = builder;
  }

  static Progress of(String task, Console console) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder().setTaskName(task).setStyle(ProgressBarStyle.ASCII);
    return new Progress(
        console.terminal().getAsBoolean()
            ? builder
                .setUpdateIntervalMillis(MILLISECONDS_BETWEEN_DRAWINGS)
                .setConsumer(new ConsoleProgressBarConsumer(console.err(), WIDTH))
            : builder
                .setUpdateIntervalMillis(MILLISECONDS_BETWEEN_LINES)
                .setConsumer(new DelegatingProgressBarConsumer(console.err()::println, WIDTH)));
  }

  /** So much is done, of so much. What was done before the first call took no time of this task. */
  synchronized void at(long done, long total) {
    if (bar == null) {
      bar = builder.setInitialMax(total).startsFrom(done, Duration.ZERO).build();
    }
    bar.maxHint(total);
    bar.stepTo(done);
  }

  /** A few words behind the bar. */
  synchronized void say(String text) {
    if (bar != null) {
      bar.setExtraMessage(" " + text);
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
