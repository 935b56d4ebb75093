package dev.spectron.training.corpus;

import dev.spectron.core.signal.Waveform;
import java.util.List;

/** Turns text into speech. One thread at a time. */
interface Speaker {
  /**
   * Speaks every utterance, in order, each at the sample rate of its engine.
   *
   * @throws dev.spectron.core.error.TrainingException naming voice and text, if one cannot be
   *     spoken
   */
  List<Waveform> speak(List<Utterance> utterances);
}
