package dev.spectron.training.speaker;

import dev.spectron.training.corpus.Voice;
import dev.spectron.training.corpus.Voices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The parts of a set of recordings, by rule. Training never hears the synthetic voices that {@link
 * Voices} holds out, half of all other speakers, and of a speaker it hears a fifth of the clips; so
 * all clips of a speaker with fewer than five are for training.
 *
 * @param training clips to train on
 * @param otherClips held-out clips of the same speakers
 * @param otherSpeakers all clips of held-out speakers
 */
record HeldOut(
    List<SpeakerClip> training, List<SpeakerClip> otherClips, List<SpeakerClip> otherSpeakers) {
  private static final long HALF = 1L << 31; // of the range of the hash
  private static final int CLIP_SHARE = 5;
  private static final Set<String> VOICES_HELD_OUT =
      speakers(Stream.concat(Voices.heldOutHuman().stream(), Voices.heldOutFormant().stream()));
  private static final Set<String> VOICES_IN_TRAINING =
      speakers(Stream.concat(Voices.trainingHuman().stream(), Voices.trainingFormant().stream()));

  /** The parts of one set. */
  static HeldOut of(List<SpeakerClip> clips) {
    HeldOut parts = new HeldOut(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Map<String, List<SpeakerClip>> bySpeaker =
        clips.stream()
            .collect(
                Collectors.groupingBy(
                    SpeakerClip::speaker, LinkedHashMap::new, Collectors.toList()));
    bySpeaker.forEach(
        (speaker, all) -> {
          if (isHeldOut(speaker)) {
            parts.otherSpeakers.addAll(all);
          } else {
            List<SpeakerClip> byHash =
                all.stream().sorted(Comparator.comparingLong(clip -> hash(clip.id()))).toList();
            int others = all.size() / CLIP_SHARE;
            parts.otherClips.addAll(byHash.subList(0, others));
            parts.training.addAll(byHash.subList(others, all.size()));
          }
        });
    return parts;
  }

  /** Whether training never hears a speaker. */
  static boolean isHeldOut(String speaker) {
    return VOICES_HELD_OUT.contains(speaker)
        || (!VOICES_IN_TRAINING.contains(speaker) && hash(speaker) < HALF);
  }

  private static long hash(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  private static Set<String> speakers(Stream<Voice> voices) {
    return voices.map(Voice::speaker).collect(Collectors.toUnmodifiableSet());
  }
}
