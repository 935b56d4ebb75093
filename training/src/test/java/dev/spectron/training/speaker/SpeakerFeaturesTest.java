package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeakerFeaturesTest {
  private final SpeakerFeatures features = new SpeakerFeatures(ToyVoices.config(8).features());
  private final Waveform speech = ToyVoices.speak(1, 1, 3);

  @ParameterizedTest
  @ValueSource(floats = {1e-3f, 0.3f, 20f})
  void levelDoesNotMatter(float gain) {
    float[] louder = speech.samples().clone();
    for (int i = 0; i < louder.length; i++) {
      louder[i] *= gain;
    }
    assertThat(features.speech(new Waveform(louder, ToyVoices.RATE)).frames())
        .containsExactly(features.speech(speech).frames(), within(1e-3f));
  }

  @Test
  void aLongSilenceAddsNoFrames() {
    float[] later = new float[speech.samples().length + 3 * ToyVoices.RATE];
    System.arraycopy(speech.samples(), 0, later, 2 * ToyVoices.RATE, speech.samples().length);
    int alone = features.speech(speech).time();
    assertThat(features.speech(new Waveform(later, ToyVoices.RATE)).time())
        .isBetween(alone, alone + 3);
  }

  @Test
  void centredFramesHaveNoMean() {
    LogMel logMel = features.speech(speech);
    float[] centred = SpeakerFeatures.centred(logMel);
    int nMels = logMel.spec().nMels();
    for (int bin = 0; bin < nMels; bin++) {
      double sum = 0;
      for (int t = 0; t < logMel.time(); t++) {
        sum += centred[t * nMels + bin];
      }
      assertThat(sum / logMel.time()).isCloseTo(0, within(1e-5));
    }
    assertThat(centred[nMels] - centred[0])
        .isCloseTo(logMel.frames()[nMels] - logMel.frames()[0], within(1e-5f));
  }

  @Test
  void tooLittleSpeechIsRefused() {
    Waveform syllable =
        new Waveform(Arrays.copyOf(speech.samples(), ToyVoices.RATE / 10), ToyVoices.RATE);
    assertThatThrownBy(() -> features.speech(syllable))
        .isInstanceOf(AudioException.class)
        .hasMessageMatching(
            "speaker: expected at least 0.3 s of speech, found 0.\\d\\d s; give a longer recording");
    assertThatThrownBy(() -> features.speech(new Waveform(new float[9000], ToyVoices.RATE)))
        .isInstanceOf(AudioException.class)
        .hasMessage("speaker: expected speech, found silence; check the recording");
    assertThatThrownBy(() -> features.speech(new Waveform(new float[0], ToyVoices.RATE)))
        .isInstanceOf(AudioException.class);
  }

  @Test
  void aSampleThatIsNoNumberIsRefused() {
    float[] broken = speech.samples().clone();
    broken[17] = Float.NaN;
    assertThatThrownBy(() -> features.speech(new Waveform(broken, ToyVoices.RATE)))
        .isInstanceOf(AudioException.class)
        .hasMessageContaining("expected a finite number, found NaN");
  }
}
