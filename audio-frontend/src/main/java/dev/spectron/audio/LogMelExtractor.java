package dev.spectron.audio;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.MelFilterBank;
import dev.spectron.core.signal.Stft;
import dev.spectron.core.signal.Waveform;

/**
 * Waveform to log-mel spectrogram: ln(max(mel(|STFT|), floor)), raw, without the normalisation.
 * Frame {@code t} is centred on sample {@code t · hop_length}. Immutable and thread-safe.
 */
public final class LogMelExtractor {
  private final FeatureSpec spec;
  private final Stft stft;
  private final MelFilterBank melFilterBank;

  /** For features as {@code spec} describes them. */
  public LogMelExtractor(FeatureSpec spec) {
    this.spec = spec;
    this.stft = new Stft(spec);
    this.melFilterBank = new MelFilterBank(spec);
  }

  /** The features this makes. */
  public FeatureSpec spec() {
    return spec;
  }

  /**
   * The spectrogram of a waveform.
   *
   * @param waveform at the rate of the spec, any length, finite samples
   * @return {@code [1 + samples / hop_length, n_mels]}
   * @throws AudioException if the rate differs or a sample is not finite
   */
  public LogMel extract(Waveform waveform) {
    check(waveform);
    float[] samples = waveform.samples();
    int time = spec.frames(samples.length);
    float[] frames = new float[Math.multiplyExact(time, spec.nMels())];
    float[] magnitude = new float[stft.bins()];
    Stft.Workspace workspace = stft.workspace();
    for (int t = 0; t < time; t++) {
      stft.magnitude(samples, t, magnitude, workspace);
      melFilterBank.apply(magnitude, frames, t * spec.nMels());
    }
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) Math.log(Math.max(frames[i], spec.floor()));
    }
    return new LogMel(frames, spec);
  }

  private void check(Waveform waveform) {
    if (waveform.sampleRate() != spec.sampleRate()) {
      throw new AudioException(
          "log-mel: expected %d Hz, found %d Hz; convert the waveform with Resampler first"
              .formatted(spec.sampleRate(), waveform.sampleRate()));
    }
    for (int i = 0; i < waveform.samples().length; i++) {
      if (!Float.isFinite(waveform.samples()[i])) {
        throw new AudioException(
            "log-mel: sample %d: expected a finite number, found %s; repair the recording"
                .formatted(i, waveform.samples()[i]),
            ErrorCode.AUDIO_NOT_FINITE);
      }
    }
  }
}
