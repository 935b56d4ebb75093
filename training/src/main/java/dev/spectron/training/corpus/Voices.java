package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The allow-list of voices. Training and development share no voice and no speaker: {@code kal16}
 * is held out, so every other recording of that speaker is absent, and so are near copies of the
 * held-out eSpeak variants.
 */
public final class Voices {
  /** The one voice of all answers. */
  public static final Voice ANSWER = new Voice.Flite("rms");

  private static final List<String> ACCENTS = List.of("en-us", "en-gb", "en-gb-x-rp");
  private static final List<String> TRAINING_VARIANTS =
      List.of(
          "m1", "m2", "m3", "m4", "m6", "m7", "m8", "f1", "f2", "f3", "f5", "klatt4", "adam",
          "anika", "belinda", "john");
  private static final List<String> HELD_OUT_VARIANTS = List.of("m5", "f4", "klatt2", "steph");

  private static final List<Voice> TRAINING_HUMAN =
      List.of(
          ANSWER,
          new Voice.Flite("slt"),
          new Voice.Flite("awb"),
          new Voice.FestivalKed(),
          new Voice.HtsSlt());
  private static final List<Voice> TRAINING_FORMANT = espeak(TRAINING_VARIANTS);
  private static final List<Voice> HELD_OUT_HUMAN = List.of(new Voice.Flite("kal16"));
  private static final List<Voice> HELD_OUT_FORMANT = espeak(HELD_OUT_VARIANTS);

  private static final Map<String, Voice> BY_ID =
      Stream.of(TRAINING_HUMAN, TRAINING_FORMANT, HELD_OUT_HUMAN, HELD_OUT_FORMANT)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(Voice::id, voice -> voice));

  private Voices() {}

  /** Training voices made from recordings of people. */
  public static List<Voice> trainingHuman() {
    return TRAINING_HUMAN;
  }

  /** Training voices built from formant rules: 16 variants in three accents. */
  public static List<Voice> trainingFormant() {
    return TRAINING_FORMANT;
  }

  /** Held-out voice made from recordings of a person. */
  public static List<Voice> heldOutHuman() {
    return HELD_OUT_HUMAN;
  }

  /** Held-out voices built from formant rules: four variants in three accents. */
  public static List<Voice> heldOutFormant() {
    return HELD_OUT_FORMANT;
  }

  /** Whether training must never hear this voice. */
  public static boolean isHeldOut(Voice voice) {
    return HELD_OUT_HUMAN.contains(voice) || HELD_OUT_FORMANT.contains(voice);
  }

  /**
   * Finds a voice by its {@link Voice#id}.
   *
   * @throws TrainingException if the voice is not on the allow-list
   */
  public static Voice find(String id) {
    Voice voice = BY_ID.get(id);
    if (voice == null) {
      throw new TrainingException(
          "voice: expected one of the allow-list, found \""
              + id
              + "\"; see the voices of corpus.json");
    }
    return voice;
  }

  /**
   * Refuses a voice that the split must not hear.
   *
   * @return the voice itself
   * @throws TrainingException if the voice is not on the allow-list, or held out and the split is
   *     training
   */
  public static Voice admit(Split split, Voice voice) {
    Voice known = find(voice.id());
    if (split == Split.TRAIN && isHeldOut(known)) {
      throw new TrainingException(
          "voice: expected a training voice, found the held-out " + voice.id());
    }
    return known;
  }

  private static List<Voice> espeak(List<String> variants) {
    return ACCENTS.stream()
        .<Voice>flatMap(
            accent -> variants.stream().map(variant -> new Voice.EspeakNg(accent, variant)))
        .toList();
  }
}
