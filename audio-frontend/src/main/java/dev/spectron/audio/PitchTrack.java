package dev.spectron.audio;

import be.tarsos.dsp.pitch.PitchDetectionResult;
import be.tarsos.dsp.pitch.Yin;
import dev.spectron.core.signal.Waveform;
import java.util.Arrays;

/**
 * The fundamental frequency of a voice over time, by YIN (de Cheveigné and Kawahara 2002). For
 * analysis and evaluation, not for answering: this class alone uses TarsosDSP, which is GPL-3 and
 * an optional dependency, and is loaded only by whoever asks for it.
 *
 * @param hertz one value a frame, 0 where no voice was found; shared, treat as read-only
 * @param hopSeconds time between frames
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, like a waveform
public record PitchTrack(float[] hertz, double hopSeconds) {
  private static final double WINDOW_SECONDS = 0.064;
  private static final double HOP_SECONDS = 0.0125;
  private static final double THRESHOLD = 0.15;
  private static final float LOWEST = 50;
  private static final float HIGHEST = 600;

  /**
   * Tracks a voice of 50 to 600 Hz.
   *
   * @param waveform of 8 kHz or more
   * @return frames of 12.5 ms; none where the waveform is shorter than one window of 64 ms
   */
  public static PitchTrack of(Waveform waveform) {
    int window = (int) (WINDOW_SECONDS * waveform.sampleRate());
    int hop = (int) (HOP_SECONDS * waveform.sampleRate());
    if (hop < 1) {
      throw new IllegalArgumentException(
          "pitch: expected at least 80 Hz, found " + waveform.sampleRate() + " Hz; resample first");
    }
    float[] samples = waveform.samples();
    // The class FastYin misses steady tones in windows that are no power of two.
    Yin yin = new Yin(waveform.sampleRate(), window, THRESHOLD);
    float[] hertz = new float[samples.length < window ? 0 : 1 + (samples.length - window) / hop];
    for (int t = 0; t < hertz.length; t++) {
      PitchDetectionResult found =
          yin.getPitch(Arrays.copyOfRange(samples, t * hop, t * hop + window));
      boolean voiced =
          found.isPitched() && found.getPitch() >= LOWEST && found.getPitch() <= HIGHEST;
      hertz[t] = voiced ? found.getPitch() : 0;
    }
    return new PitchTrack(hertz, hop / (double) waveform.sampleRate());
  }

  /** Share of frames with a voice, 0 to 1. */
  public double voicedShare() {
    int voiced = 0;
    for (float f : hertz) {
      voiced += f > 0 ? 1 : 0;
    }
    return hertz.length == 0 ? 0 : voiced / (double) hertz.length;
  }

  /** Median over the frames with a voice, Hz; 0 if there is none. */
  public float medianHertz() {
    float[] sorted = hertz.clone();
    Arrays.sort(sorted);
    int first = 0;
    while (first < sorted.length && sorted[first] == 0) {
      first++;
    }
    return first == sorted.length ? 0 : sorted[(first + sorted.length) / 2];
  }
}
