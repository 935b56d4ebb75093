package dev.spectron.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error with the time it will still take. */
final class Progress implements AutoCloseable {
  private static final int MILLISECONDS_BETWEEN = 500;
  private static final int WIDTH = 96;

  private final ProgressBar bar;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  static Progress of(String task, Console console) {
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(-1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(MILLISECONDS_BETWEEN)
            .setConsumer(new ConsoleProgressBarConsumer(console.err(), WIDTH))
            .build());
  }

  /** So much is done, of so much. */
  void at(long done, long total) {
    bar.maxHint(total);
    bar.stepTo(done);
  }

  /** A few words behind the bar. */
  void say(String text) {
    bar.setExtraMessage(" " + text);
  }

  @Override
  public void close() {
    bar.close();
  }
}
