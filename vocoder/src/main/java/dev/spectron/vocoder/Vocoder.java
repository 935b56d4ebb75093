package dev.spectron.vocoder;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CancelledException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import java.util.random.RandomGenerator;

/**
 * Turns a log-mel spectrogram into speech. Immutable: one instance serves any number of answers;
 * the back end is used by one thread at a time.
 */
public interface Vocoder {
  /**
   * A waveform that has this spectrogram.
   *
   * @param backend where a neural vocoder's weights live; an algorithmic one leaves it alone.
   *     Scopes that are opened are closed again
   * @param logMel any number of frames, also none
   * @param random decides whatever chance decides: equal generators, equal samples
   * @return {@code time · hopLength} samples in [−1, 1], all 0 if every value is at the floor
   * @throws AudioException if the features are not those of this vocoder or a value is not finite
   * @throws CapacityException if the spectrogram is too long to be held in memory
   */
  Waveform synthesize(Backend backend, LogMel logMel, RandomGenerator random);

  /**
   * The same for frames that come bit by bit; an algorithmic vocoder may come to other phases than
   * with the whole before it. What would leave [−1, 1] is cut off there.
   *
   * @param backend where a neural vocoder's weights live
   * @param random decides whatever chance decides; asked once, now
   */
  SpeechStream stream(Backend backend, RandomGenerator random);

  /**
   * {@link #synthesize(Backend, LogMel, RandomGenerator)} that can be given up.
   *
   * @param cancellation asked before every iteration on the host; a back end asks for itself
   * @throws CancelledException once it is requested
   */
  default Waveform synthesize(
      Backend backend, LogMel logMel, RandomGenerator random, Cancellation cancellation) {
    cancellation.check();
    return synthesize(backend, logMel, random);
  }

  /**
   * {@link #stream(Backend, RandomGenerator)} that can be given up.
   *
   * @param cancellation asked before every block
   */
  default SpeechStream stream(Backend backend, RandomGenerator random, Cancellation cancellation) {
    return stream(backend, random);
  }
}
