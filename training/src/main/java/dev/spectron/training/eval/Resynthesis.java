package dev.spectron.training.eval;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.PitchTrack;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Stft;
import dev.spectron.core.signal.Waveform;
import java.util.List;

/**
 * How far a clip that a vocoder made of a log-mel spectrogram is from the speech behind it.
 *
 * @param clip id of the item
 * @param logMel mean absolute difference of log-mel values, nats
 * @param cepstrum mel-cepstral distance after time warping, decibels
 * @param convergence spectral convergence, mean of three resolutions
 * @param magnitude mean absolute difference of log magnitudes, nats, mean of three resolutions
 * @param voicing share of frames whose voicing differs
 * @param cents median difference of pitch, hundredths of a semitone
 * @param realTimeFactor time of the synthesis over the duration
 * @param heard words recognised in it; empty if nobody listened
 * @param words due
 */
public record Resynthesis(
    String clip,
    double logMel,
    double cepstrum,
    double convergence,
    double magnitude,
    double voicing,
    double cents,
    double realTimeFactor,
    String heard,
    String words) {
  private static final List<Stft> RESOLUTIONS =
      List.of(new Stft(512, 240, 50), new Stft(1024, 600, 100), new Stft(2048, 1200, 200));
  private static final double LEAST_MAGNITUDE = Math.sqrt(1e-5);

  /** Compares, without a listener. */
  static Resynthesis of(
      String clip, Waveform speech, Waveform made, LogMel target, double seconds, String words) {
    LogMel found = new LogMelExtractor(target.spec()).extract(made).slice(0, target.time());
    double difference = 0;
    for (int i = 0; i < found.frames().length; i++) {
      difference += Math.abs(found.frames()[i] - target.frames()[i]) / found.frames().length;
    }
    double convergence = 0;
    double magnitude = 0;
    for (Stft stft : RESOLUTIONS) {
      float[] wanted = stft.magnitude(speech.samples());
      float[] got = stft.magnitude(made.samples());
      convergence += convergence(wanted, got) / RESOLUTIONS.size();
      magnitude += logDifference(wanted, got) / RESOLUTIONS.size();
    }
    PitchErrors pitch = PitchErrors.between(PitchTrack.of(speech), PitchTrack.of(made));
    return new Resynthesis(
        clip,
        difference,
        MelCepstrum.of(target).distance(MelCepstrum.of(found)),
        convergence,
        magnitude,
        pitch.voicing(),
        pitch.cents(),
        seconds / made.seconds(),
        "",
        words);
  }

  /** The same after somebody listened. */
  Resynthesis heardAs(String text) {
    return new Resynthesis(
        clip,
        logMel,
        cepstrum,
        convergence,
        magnitude,
        voicing,
        cents,
        realTimeFactor,
        text,
        words);
  }

  WordErrors wordErrors() {
    return WordErrors.between(words, heard);
  }

  private static double convergence(float[] wanted, float[] got) {
    double error = 0;
    double energy = 0;
    for (int i = 0; i < wanted.length; i++) {
      error += Math.pow(got[i] - wanted[i], 2);
      energy += Math.pow(wanted[i], 2);
    }
    return Math.sqrt(error / Math.max(energy, 1e-12));
  }

  private static double logDifference(float[] wanted, float[] got) {
    double sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      double a = Math.max(wanted[i], LEAST_MAGNITUDE);
      sum += Math.abs(Math.log(Math.max(got[i], LEAST_MAGNITUDE) / a));
    }
    return sum / wanted.length;
  }
}
