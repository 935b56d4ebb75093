package dev.spectron.training.speaker;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes pairs of utterances of one and of two speakers, and scores them. */
final class SpeakerTrials {
  private SpeakerTrials() {}

  /** An utterance of a speaker. */
  private record Embedded(String speaker, float[] vector) {}

  /**
   * A pair with its score.
   *
   * @param a speaker of one utterance
   * @param b speaker of the other
   * @param score their similarity
   */
  record Pair(String a, String b, double score) {
    boolean same() {
      return a.equals(b);
    }
  }

  /**
   * All pairs of some utterances of each speaker.
   *
   * @param clips a speaker's, if he has one alone, is cut in two
   * @param perSpeaker most utterances of a speaker, at least 2
   * @param seed decides which
   * @throws TrainingException if there are fewer than two speakers, or a clip cannot be embedded
   */
  static List<Pair> of(
      List<SpeakerClip> clips,
      int perSpeaker,
      long seed,
      SpeakerEmbedder embedder,
      Runnable embedded) {
    Map<String, List<SpeakerClip>> bySpeaker = chosen(clips, perSpeaker, seed);
    List<Embedded> all = new ArrayList<>();
    bySpeaker.forEach(
        (speaker, chosen) -> {
          for (SpeakerClip clip : chosen) {
            for (Waveform utterance : utterances(clip, chosen.size() == 1)) {
              all.add(new Embedded(speaker, embed(embedder, clip, utterance)));
            }
            embedded.run();
          }
        });
    List<Pair> pairs = new ArrayList<>();
    for (int a = 0; a < all.size(); a++) {
      for (int b = a + 1; b < all.size(); b++) {
        double score = SpeakerEmbedder.cosine(all.get(a).vector, all.get(b).vector);
        pairs.add(new Pair(all.get(a).speaker, all.get(b).speaker, score));
      }
    }
    return pairs;
  }

  /** The clips that {@link #of} embeds, by speaker. */
  static Map<String, List<SpeakerClip>> chosen(List<SpeakerClip> clips, int perSpeaker, long seed) {
    List<SpeakerClip> shuffled = new ArrayList<>(clips);
    Collections.shuffle(shuffled, new Random(seed));
    Map<String, List<SpeakerClip>> bySpeaker = new LinkedHashMap<>();
    for (SpeakerClip clip : shuffled) {
      List<SpeakerClip> kept = bySpeaker.computeIfAbsent(clip.speaker(), name -> new ArrayList<>());
      if (kept.size() < perSpeaker) {
        kept.add(clip);
      }
    }
    if (bySpeaker.size() < 2) {
      throw new TrainingException(
          "trials: expected at least two speakers, found %d; give a set with more"
              .formatted(bySpeaker.size()));
    }
    return bySpeaker;
  }

  private static List<Waveform> utterances(SpeakerClip clip, boolean halved) {
    Waveform whole = clip.sound().get();
    if (!halved) {
      return List.of(whole);
    }
    float[] samples = whole.samples();
    int middle = samples.length / 2;
    return List.of(
        new Waveform(Arrays.copyOfRange(samples, 0, middle), whole.sampleRate()),
        new Waveform(Arrays.copyOfRange(samples, middle, samples.length), whole.sampleRate()));
  }

  private static float[] embed(SpeakerEmbedder embedder, SpeakerClip clip, Waveform utterance) {
    try {
      return embedder.embed(utterance);
    } catch (AudioException e) {
      throw new TrainingException("clip " + clip.id() + ": " + e.getMessage(), e);
    }
  }
}
