package dev.spectron.training.corpus;

import dev.spectron.core.signal.Waveform;
import java.util.List;

/**
 * Hums instead of speaking: length and height depend on the whole utterance, so that clips can be
 * told apart.
 */
final class ToneSpeaker implements Speaker {
  private static final int RATE = 22_050;

  @Override
  public List<Waveform> speak(List<Utterance> utterances) {
    return utterances.stream().map(ToneSpeaker::hum).toList();
  }

  private static Waveform hum(Utterance utterance) {
    double hertz =
        200 + Math.floorMod((utterance.voice().id() + utterance.sentence()).hashCode(), 400);
    double seconds = 0.2 + 0.005 * utterance.sentence().length() / utterance.rate();
    return new Waveform(TestTone.sine(hertz * utterance.pitch(), seconds, RATE, 0.4), RATE);
  }
}
