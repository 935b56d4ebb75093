package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Voice;
import dev.spectron.training.corpus.Voices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutTest {
  @Test
  void voicesAreHeldOutAsInTheCorpus() {
    for (Voice voice : Voices.heldOutHuman()) {
      assertThat(HeldOut.isHeldOut(voice.speaker())).as(voice.id()).isTrue();
    }
    for (Voice voice : Voices.heldOutFormant()) {
      assertThat(HeldOut.isHeldOut(voice.speaker())).as(voice.id()).isTrue();
    }
    for (Voice voice : Voices.trainingHuman()) {
      assertThat(HeldOut.isHeldOut(voice.speaker())).as(voice.id()).isFalse();
    }
    for (Voice voice : Voices.trainingFormant()) {
      assertThat(HeldOut.isHeldOut(voice.speaker())).as(voice.id()).isFalse();
    }
    assertThat(Voices.find("hts/slt").speaker()).isEqualTo(Voices.find("flite/slt").speaker());
    assertThat(Voices.find("espeak-ng/en-us+f2").speaker())
        .isEqualTo(Voices.find("espeak-ng/en-gb+f2").speaker());
  }

  @Test
  void aboutHalfOfTheOtherSpeakersAndAFifthOfTheirClipsAreHeldOut() {
    List<SpeakerClip> clips = new ArrayList<>();
    for (int speaker = 0; speaker < 200; speaker++) {
      for (int i = 0; i < 11; i++) {
        clips.add(clip("person " + speaker, speaker + "-" + i));
      }
    }
    HeldOut parts = HeldOut.of(clips);
    assertThat(parts.otherSpeakers().size() / 11).isBetween(80, 120);
    int heard = 200 - parts.otherSpeakers().size() / 11;
    assertThat(parts.otherClips()).hasSize(2 * heard);
    assertThat(parts.training()).hasSize(9 * heard);
    assertThat(parts.training()).doesNotContainAnyElementsOf(parts.otherClips());
    assertThat(parts.training()).noneMatch(clip -> HeldOut.isHeldOut(clip.speaker()));
  }

  @Test
  void theOnlyClipOfASpeakerIsNotLost() {
    List<SpeakerClip> clips = List.of(clip("slt", "a"), clip("rms", "b"));
    assertThat(HeldOut.of(clips).training()).isEqualTo(clips);
  }

  private static SpeakerClip clip(String speaker, String id) {
    return new SpeakerClip(id, speaker, false, () -> new Waveform(new float[0], 16_000));
  }
}
