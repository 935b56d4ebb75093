package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeakerTrialsTest {
  /** Any embedder will do: this one knows a voice by its first sample. */
  private static final SpeakerEmbedder KNOWING =
      speech -> new float[] {speech.samples()[0], 1 - speech.samples()[0]};

  @Test
  void allPairsAreTriedAndClipsBeyondTheLimitAreNot() {
    List<SpeakerTrials.Pair> pairs = trials(clips(3, 4), 3);
    // Nine clips: 36 pairs, of which each speaker has three.
    assertThat(pairs).hasSize(36);
    assertThat(pairs).filteredOn(SpeakerTrials.Pair::same).hasSize(9);
    assertThat(pairs).allSatisfy(pair -> assertThat(pair.score() > 0.999).isEqualTo(pair.same()));
  }

  @Test
  void aSingleClipIsCutInTwo() {
    List<SpeakerTrials.Pair> pairs = trials(clips(3, 1), 10);
    assertThat(pairs).hasSize(15);
    assertThat(pairs).filteredOn(SpeakerTrials.Pair::same).hasSize(3);
  }

  @Test
  void theSetCountsSpeakersAndItsIntervalHoldsTheRate() {
    SpeakerSet set = SpeakerSet.of("all", trials(clips(4, 3), 3));
    assertThat(set.speakers()).isEqualTo(4);
    assertThat(set.same()).isEqualTo(12);
    assertThat(set.different()).isEqualTo(54);
    assertThat(set.equalErrorRate()).isEqualTo(new SpeakerSet.Rate(0, 0, 0));
    List<SpeakerTrials.Pair> blind =
        trials(clips(4, 3), 3).stream()
            .map(pair -> new SpeakerTrials.Pair(pair.a(), pair.b(), (pair.score() * 1e6) % 1))
            .toList();
    SpeakerSet.Rate rate = SpeakerSet.of("blind", blind).equalErrorRate();
    assertThat(rate.low()).isLessThanOrEqualTo(rate.value());
    assertThat(rate.high()).isGreaterThanOrEqualTo(rate.value());
  }

  @Test
  void aReportIsATableAndADocument() {
    SpeakerSet set = SpeakerSet.of("all", trials(clips(3, 2), 2));
    SpeakerReport report = new SpeakerReport(new SpeakerEvaluation.Options(2, 1), List.of(set));
    assertThat(report.markdown())
        .contains("| equal error rate, % (95 %) |")
        .contains("| all | 3 | 3 | 12 | 0.0 (0.0 to 0.0) | 1.00 |");
    assertThat(report.json()).contains("\"equal_error_rate\"", "\"false_rejection\"");
  }

  @Test
  void whatCannotBeTriedIsNamed() {
    List<SpeakerClip> alone = clips(1, 3);
    assertThatThrownBy(() -> trials(alone, 3))
        .isInstanceOf(TrainingException.class)
        .hasMessage("trials: expected at least two speakers, found 1; give a set with more");
    SpeakerEmbedder deaf =
        speech -> {
          throw new AudioException("speaker: nothing heard");
        };
    assertThatThrownBy(() -> SpeakerTrials.of(clips(2, 2), 2, 1, deaf, () -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching("clip [01]-[01]: speaker: nothing heard");
    assertThatThrownBy(() -> new SpeakerEvaluation.Options(1, 1))
        .hasMessage("trials: utterances a speaker: expected 2 to 1000, found 1");
    SpeakerEvaluation.Sets none = new SpeakerEvaluation.Sets();
    assertThatThrownBy(
            () ->
                SpeakerEvaluation.run(
                    none, KNOWING, new SpeakerEvaluation.Options(2, 1), (done, total) -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("trials: expected a set of at least two speakers, found none");
  }

  private static List<SpeakerTrials.Pair> trials(List<SpeakerClip> clips, int perSpeaker) {
    return SpeakerTrials.of(clips, perSpeaker, 1, KNOWING, () -> {});
  }

  private static List<SpeakerClip> clips(int speakers, int clips) {
    List<SpeakerClip> all = new ArrayList<>();
    for (int speaker = 0; speaker < speakers; speaker++) {
      float voice = speaker / 4f;
      Waveform sound = new Waveform(new float[] {voice, voice, voice, voice}, 16_000);
      for (int i = 0; i < clips; i++) {
        all.add(new SpeakerClip(speaker + "-" + i, "speaker " + speaker, false, () -> sound));
      }
    }
    return all;
  }
}
