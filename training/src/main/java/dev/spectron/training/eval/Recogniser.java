package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.util.List;

/** Writes down what is said in clips. */
@FunctionalInterface
public interface Recogniser extends AutoCloseable {
  /**
   * Recognises each clip by itself.
   *
   * @param clips any rate, at least one sample each
   * @return one text a clip, lower-case words with single spaces; empty where no word was heard
   * @throws TrainingException if it cannot run
   */
  List<String> recognise(List<Waveform> clips);

  /**
   * Checks that it can run, so that what is missing is found before any work is done.
   *
   * @throws TrainingException if it cannot; the message says what to install
   */
  default void requireInstalled() {}

  /** Gives back what it holds. */
  @Override
  default void close() {}
}
