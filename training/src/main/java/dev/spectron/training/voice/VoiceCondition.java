package dev.spectron.training.voice;

import java.util.List;

/**
 * What was found under one noise.
 *
 * @param background kind of the noise
 * @param snr power of the speech over that of the noise, dB
 * @param speechFrames frames of speech counted
 * @param noiseFrames frames of noise counted
 * @param falseAlarms share of the noise taken for speech at the threshold in use, 0 to 1
 * @param misses share of the speech taken for noise at the threshold in use
 * @param missesAtOnePercent misses where one frame of noise in a hundred is a false alarm
 * @param levelMissesAtOnePercent the same of a detector by level alone
 * @param utterances recordings in which the end-pointer began an utterance that holds speech
 * @param recordings how many there were
 * @param falseUtterances utterances that hold no speech at all
 * @param noiseMinutes noise without speech that was heard
 * @param beginMedian how long after the first speech an utterance begins, median, milliseconds;
 *     below 0 if before
 * @param beginLate the same, which 95 of 100 do not exceed
 * @param curve errors at up to 400 thresholds
 */
public record VoiceCondition(
    String background,
    double snr,
    int speechFrames,
    int noiseFrames,
    double falseAlarms,
    double misses,
    double missesAtOnePercent,
    double levelMissesAtOnePercent,
    int utterances,
    int recordings,
    int falseUtterances,
    double noiseMinutes,
    double beginMedian,
    double beginLate,
    List<Point> curve) {
  /** Copies the list. */
  public VoiceCondition {
    curve = List.copyOf(curve);
  }

  /**
   * Errors at one threshold, shares of 0 to 1.
   *
   * @param threshold score above which a frame is speech
   * @param falseAlarms of the noise taken for speech
   * @param misses of the speech taken for noise
   */
  public record Point(double threshold, double falseAlarms, double misses) {}
}
