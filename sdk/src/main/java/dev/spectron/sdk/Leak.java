package dev.spectron.sdk;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Frees a model that nobody closed and nobody can reach any more, and says where it was opened. It
 * must not know the {@link Spectron} itself.
 *
 * @param thread of the model
 * @param opened frames of the call that opened it
 */
record Leak(ModelThread thread, List<StackTraceElement> opened) implements Runnable {
  private static final Logger LOGGER = System.getLogger(Spectron.class.getName());
  private static final int FRAMES = 16;
  private static final Set<String> OURS = Set.of(Leak.class.getName(), Spectron.class.getName());

  static Leak ofOpening(ModelThread thread) {
    List<StackTraceElement> frames =
        StackWalker.getInstance()
            .walk(
                stack ->
                    stack
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .dropWhile(frame -> OURS.contains(frame.getClassName()))
                        .limit(FRAMES)
                        .toList());
    return new Leak(thread, frames);
  }

  @Override
  public void run() {
    if (!thread.isClosed()) {
      LOGGER.log(Level.WARNING, message());
      thread.close();
    }
  }

  private String message() {
    return opened.stream()
        .map(frame -> "\n\tat " + frame)
        .collect(
            Collectors.joining(
                "",
                "model %s was never closed; its memory is freed now, late. Close it, for instance with try-with-resources. It was opened"
                    .formatted(thread.model().name()),
                ""));
  }
}
