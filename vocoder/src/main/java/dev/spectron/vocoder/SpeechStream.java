package dev.spectron.vocoder;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.LogMel;

/**
 * Speech of one utterance whose frames come bit by bit. All samples together are {@code time ·
 * hopLength}, the same however the frames are cut, up to rounding. For one thread, that of the back
 * end it was opened with.
 */
public interface SpeechStream {
  /**
   * Takes the frames that follow.
   *
   * @param logMel any number of frames, also none
   * @return the samples in [−1, 1] that are final by now and were not returned before
   * @throws AudioException if the features are not those of the vocoder or a value is not finite
   */
  float[] push(LogMel logMel);

  /**
   * Ends the utterance.
   *
   * @return the rest of its samples
   */
  float[] finish();
}
