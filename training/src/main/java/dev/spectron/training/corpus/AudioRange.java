package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.regex.Pattern;

/**
 * Where a clip lies in a packed file of the corpus.
 *
 * @param file name in the corpus folder, as {@code questions-000.pcm} or {@code answers.pcm}
 * @param offset first sample, counted in samples from the start of the file
 * @param samples number of samples, 1 to 480,000 (30 s)
 */
public record AudioRange(String file, long offset, int samples) {
  /** Longest clip: 30 s at 16 kHz. */
  public static final int MAX_SAMPLES = 30 * ClipShaper.SAMPLE_RATE;

  private static final Pattern FILE = Pattern.compile("(questions-[0-9]{3}|answers)\\.pcm");
  private static final long MAX_OFFSET = 1L << 40;

  /**
   * Checks the name and the numbers.
   *
   * @throws TrainingException if the name is no plain packed file or a number is out of range
   */
  public AudioRange {
    if (!FILE.matcher(file).matches()) {
      throw new TrainingException(
          "audio range: file: expected questions-NNN.pcm or answers.pcm, found \"" + file + "\"");
    }
    if (offset < 0 || offset > MAX_OFFSET) {
      throw new TrainingException(
          "audio range: offset: expected 0 to " + MAX_OFFSET + ", found " + offset);
    }
    if (samples < 1 || samples > MAX_SAMPLES) {
      throw new TrainingException(
          "audio range: samples: expected 1 to " + MAX_SAMPLES + ", found " + samples);
    }
  }
}
