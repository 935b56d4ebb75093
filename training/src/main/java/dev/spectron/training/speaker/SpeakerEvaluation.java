package dev.spectron.training.speaker;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Verification trials of a speaker encoder on clips that training never heard: of speakers it
 * heard, and of speakers it did not.
 */
public final class SpeakerEvaluation {
  private SpeakerEvaluation() {}

  /**
   * What to try.
   *
   * @param perSpeaker most utterances of a speaker, 2 to 1000; all pairs of them are trials
   * @param seed decides which
   */
  public record Options(int perSpeaker, long seed) {
    /** Checks the values. */
    public Options {
      if (perSpeaker < 2 || perSpeaker > 1000) {
        throw new TrainingException(
            "trials: utterances a speaker: expected 2 to 1000, found " + perSpeaker);
      }
    }
  }

  /** Told after every clip. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called by the thread that evaluates.
     *
     * @param done clips embedded so far
     * @param total clips to embed
     */
    void embedded(int done, int total);
  }

  /** Clips to try, by the name of their set. */
  public static final class Sets {
    private static final String OTHER_CLIPS = ", speakers of the training, other clips";
    private static final String OTHER_SPEAKERS = ", held-out speakers";

    private final Map<String, List<SpeakerClip>> byName = new LinkedHashMap<>();

    /**
     * Adds the undisturbed development questions of a corpus, whose pitch and tract vary.
     *
     * @param corpus stays open as long as this is used
     */
    public void add(Corpus corpus) {
      Map<Boolean, List<SpeakerClip>> byHeldOut =
          SpeakerClips.of(corpus, Split.DEV).stream()
              .collect(Collectors.partitioningBy(clip -> HeldOut.isHeldOut(clip.speaker())));
      keep("corpus" + OTHER_CLIPS, byHeldOut.get(false));
      keep("corpus" + OTHER_SPEAKERS, byHeldOut.get(true));
    }

    /**
     * Adds recordings.
     *
     * @param name what the report calls them
     * @param path as {@link dev.spectron.training.dataset.Datasets#bySpeaker} reads it
     */
    public void add(String name, Path path) {
      HeldOut parts = HeldOut.of(SpeakerClips.of(path));
      keep(name + OTHER_CLIPS, parts.otherClips());
      keep(name + OTHER_SPEAKERS, parts.otherSpeakers());
    }

    /** Keeps what trials can be made of. */
    private void keep(String name, List<SpeakerClip> clips) {
      if (clips.stream().map(SpeakerClip::speaker).distinct().count() >= 2) {
        byName.put(name, clips);
      }
    }
  }

  /**
   * Runs the trials.
   *
   * @throws TrainingException if there are no two speakers in any set, or a clip cannot be embedded
   */
  public static SpeakerReport run(
      Sets sets, SpeakerEmbedder embedder, Options options, Progress progress) {
    if (sets.byName.isEmpty()) {
      throw new TrainingException(
          "trials: expected a set of at least two speakers, found none; give a corpus or recordings with more");
    }
    int total =
        sets.byName.values().stream()
            .mapToInt(clips -> count(SpeakerTrials.chosen(clips, options.perSpeaker, options.seed)))
            .sum();
    int[] done = new int[1];
    List<SpeakerSet> found = new ArrayList<>();
    sets.byName.forEach(
        (name, clips) ->
            found.add(
                SpeakerSet.of(
                    name,
                    SpeakerTrials.of(
                        clips,
                        options.perSpeaker,
                        options.seed,
                        embedder,
                        () -> progress.embedded(++done[0], total)))));
    return new SpeakerReport(options, found);
  }

  private static int count(Map<String, List<SpeakerClip>> chosen) {
    return chosen.values().stream().mapToInt(List::size).sum();
  }
}
