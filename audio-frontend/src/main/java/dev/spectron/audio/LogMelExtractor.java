package dev.spectron.audio;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.FrontEnd;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.MelFilterBank;
import dev.spectron.core.signal.Stft;
import dev.spectron.core.signal.Waveform;

/**
 * Waveform to log-mel spectrogram: ln(max(mel(|STFT|), floor)), raw, without the normalisation.
 * Frame {@code t} is centred on sample {@code t · hop_length}. Imported encoders bring another
 * {@link FrontEnd}. Immutable and thread-safe.
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
   * @return {@code [spec.frames(samples), n_mels]}
   * @throws AudioException if the rate differs, a sample is not finite, or an imported front end
   *     has no frame in so few samples
   */
  public LogMel extract(Waveform waveform) {
    check(waveform);
    float[] samples = waveform.samples();
    int time = spec.frames(samples.length);
    if (time == 0) {
      throw new AudioException(
          "log-mel: expected at least %d samples, a frame, found %d; record again"
              .formatted(spec.winLength(), samples.length),
          ErrorCode.AUDIO_EMPTY);
    }
    return switch (spec.frontEnd()) {
      case SPECTRON -> new LogMel(centred(samples, time), spec);
      case KALDI, PARAKEET -> new LogMel(new ImportedFrames(spec).extract(samples), spec);
      case WAVEFORM -> new LogMel(samples.clone(), spec);
    };
  }

  private float[] centred(float[] samples, int time) {
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
    return frames;
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
