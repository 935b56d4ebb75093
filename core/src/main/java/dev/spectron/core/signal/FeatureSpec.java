package dev.spectron.core.signal;

import dev.spectron.core.config.IfAbsent;
import dev.spectron.core.error.BundleException;

/**
 * Everything that turns a waveform into a log-mel spectrogram: {@code ln(max(mel(|STFT|), floor))}
 * with HTK mel triangles of unit height. Defaults: {@link #spectron()}.
 *
 * @param sampleRate Hz
 * @param nFft FFT size, a power of two
 * @param winLength periodic Hann window, samples, at most {@code nFft}
 * @param hopLength samples between frames
 * @param nMels mel bins
 * @param fMin lowest edge of the filter bank, Hz
 * @param fMax highest edge, Hz, at most half the sample rate
 * @param floor smallest magnitude, above 0
 * @param normalisation per-bin mean and deviation over the training set, or {@link
 *     Normalisation#none()}
 * @param frontEnd which computation; {@link FrontEnd#SPECTRON} unless the encoder was imported
 */
public record FeatureSpec(
    int sampleRate,
    int nFft,
    int winLength,
    int hopLength,
    int nMels,
    double fMin,
    double fMax,
    double floor,
    Normalisation normalisation,
    @IfAbsent("\"spectron\"") FrontEnd frontEnd) {
  /** Features of Spectron's own computation. */
  public FeatureSpec(
      int sampleRate,
      int nFft,
      int winLength,
      int hopLength,
      int nMels,
      double fMin,
      double fMax,
      double floor,
      Normalisation normalisation) {
    this(
        sampleRate,
        nFft,
        winLength,
        hopLength,
        nMels,
        fMin,
        fMax,
        floor,
        normalisation,
        FrontEnd.SPECTRON);
  }

  /**
   * Checks the values.
   *
   * @throws BundleException if a value is out of range
   */
  public FeatureSpec {
    require(sampleRate > 0 && sampleRate <= 192_000, "sample_rate", "1 to 192000 Hz", sampleRate);
    require(
        nFft >= 2 && nFft <= 1 << 16 && Integer.bitCount(nFft) == 1,
        "n_fft",
        "a power of two up to 65536",
        nFft);
    require(winLength >= 1 && winLength <= nFft, "win_length", "1 to n_fft " + nFft, winLength);
    require(
        hopLength >= 1 && hopLength <= winLength,
        "hop_length",
        "1 to win_length " + winLength,
        hopLength);
    require(nMels >= 1 && nMels <= nFft / 2, "n_mels", "1 to n_fft / 2 = " + nFft / 2, nMels);
    require(fMin >= 0 && fMin < fMax, "f_min", "0 to f_max " + fMax, fMin);
    require(fMax <= sampleRate / 2.0, "f_max", "at most half the sample rate " + sampleRate, fMax);
    require(floor > 0 && floor < 1, "floor", "above 0 and below 1", floor);
    int sizes = normalisation.mean().size();
    require(sizes == 0 || sizes == nMels, "normalisation", "n_mels = " + nMels + " means", sizes);
  }

  /**
   * Spectron's features: 16 kHz, 128 bins of 20 to 8000 Hz, window 50 ms, hop 12.5 ms, no
   * normalisation.
   */
  public static FeatureSpec spectron() {
    return new FeatureSpec(16_000, 2048, 800, 200, 128, 20, 8000, 1e-5, Normalisation.none());
  }

  /** Features of w2v-BERT 2.0: 80 bins of 20 to 8000 Hz, window 25 ms, hop 10 ms. */
  public static FeatureSpec kaldi() {
    return new FeatureSpec(
        16_000,
        512,
        400,
        160,
        80,
        20,
        8000,
        1.192092955078125e-07,
        Normalisation.none(),
        FrontEnd.KALDI);
  }

  /** Features of Parakeet: bins of 0 to 8000 Hz, window 25 ms, hop 10 ms. */
  public static FeatureSpec parakeet(int nMels) {
    return new FeatureSpec(
        16_000, 512, 400, 160, nMels, 0, 8000, 0x1p-24, Normalisation.none(), FrontEnd.PARAKEET);
  }

  /** The samples themselves. */
  public static FeatureSpec waveform() {
    return new FeatureSpec(
        16_000, 2, 1, 1, 1, 0, 8000, 1e-7, Normalisation.none(), FrontEnd.WAVEFORM);
  }

  /** The same features with another normalisation. */
  public FeatureSpec with(Normalisation other) {
    return new FeatureSpec(
        sampleRate, nFft, winLength, hopLength, nMels, fMin, fMax, floor, other, frontEnd);
  }

  /** Frames a second. */
  public double frameRate() {
    return sampleRate / (double) hopLength;
  }

  /** Frames of a waveform with {@code samples} samples; 1 + samples / hopLength if centred. */
  public int frames(int samples) {
    return switch (frontEnd) {
      case SPECTRON -> 1 + samples / hopLength;
      case KALDI -> samples < winLength ? 0 : 1 + (samples - winLength) / hopLength;
      case PARAKEET -> samples / hopLength;
      case WAVEFORM -> samples;
    };
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new BundleException("features: " + key + ": expected " + expected + ", found " + found);
    }
  }
}
