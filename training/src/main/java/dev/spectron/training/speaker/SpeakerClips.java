package dev.spectron.training.speaker;

import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.corpus.Voices;
import dev.spectron.training.dataset.Datasets;
import java.nio.file.Path;
import java.util.List;

/** Finds clips by speaker in the sets there are. */
final class SpeakerClips {
  private SpeakerClips() {}

  /** The undisturbed questions of one side of a corpus. */
  static List<SpeakerClip> of(Corpus corpus, Split split) {
    return corpus.items(split).stream()
        .filter(item -> item.condition() == Condition.CLEAN)
        .map(item -> clip(corpus, item))
        .toList();
  }

  private static SpeakerClip clip(Corpus corpus, CorpusItem item) {
    return new SpeakerClip(
        item.id(),
        Voices.find(item.voice()).speaker(),
        true,
        () -> new Waveform(corpus.questionSamples(item), Corpus.SAMPLE_RATE));
  }

  /**
   * Recordings by speaker.
   *
   * @param path as {@link Datasets#bySpeaker} reads it
   */
  static List<SpeakerClip> of(Path path) {
    return Datasets.bySpeaker(path).stream()
        .map(
            recording ->
                new SpeakerClip(recording.id(), recording.speaker(), false, recording::read))
        .toList();
  }
}
