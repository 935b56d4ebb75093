package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VoicesTest {
  @Test
  void theListHasSixteenVariantsInThreeAccents() {
    assertThat(Voices.trainingFormant()).hasSize(16 * 3).doesNotHaveDuplicates();
    assertThat(Voices.heldOutFormant()).hasSize(4 * 3).doesNotHaveDuplicates();
    assertThat(Voices.trainingHuman().stream().map(Voice::id))
        .containsExactly("flite/rms", "flite/slt", "flite/awb", "festival/ked", "hts/slt");
  }

  @Test
  void noTrainingVoiceIsHeldOut() {
    assertThat(Stream.concat(Voices.trainingHuman().stream(), Voices.trainingFormant().stream()))
        .noneMatch(Voices::isHeldOut)
        .allSatisfy(voice -> assertThat(Voices.admit(Split.TRAIN, voice)).isEqualTo(voice));
    assertThat(Stream.concat(Voices.heldOutHuman().stream(), Voices.heldOutFormant().stream()))
        .allMatch(Voices::isHeldOut)
        .allSatisfy(voice -> assertThat(Voices.admit(Split.DEV, voice)).isEqualTo(voice));
  }

  @Test
  void heldOutSpeakersAreRefusedForTraining() {
    assertThatThrownBy(() -> Voices.admit(Split.TRAIN, new Voice.Flite("kal16")))
        .isInstanceOf(TrainingException.class)
        .hasMessage("voice: expected a training voice, found the held-out flite/kal16");
    assertThatThrownBy(() -> Voices.admit(Split.TRAIN, new Voice.EspeakNg("en-gb", "steph")))
        .isInstanceOf(TrainingException.class)
        .hasMessage("voice: expected a training voice, found the held-out espeak-ng/en-gb+steph");
  }

  @Test
  void voicesOffTheListAreRefusedEverywhere() {
    for (Voice voice :
        new Voice[] {
          new Voice.Flite("kal"),
          new Voice.EspeakNg("en-us", "whisper"),
          new Voice.EspeakNg("de", "f2")
        }) {
      assertThatThrownBy(() -> Voices.admit(Split.DEV, voice))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              "voice: expected one of the allow-list, found \""
                  + voice.id()
                  + "\"; see the voices of corpus.json");
    }
  }
}
