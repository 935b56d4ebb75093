package dev.spectron.training.eval;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.util.List;

/** Writes down what is said in clips. */
@FunctionalInterface
interface Recogniser {
  /**
   * Recognises each clip by itself.
   *
   * @param clips any rate, at least one sample each
   * @return one text a clip, lower-case words with single spaces; empty where no word was heard
   * @throws TrainingException if it cannot run
   */
  List<String> recognise(List<Waveform> clips);
}
