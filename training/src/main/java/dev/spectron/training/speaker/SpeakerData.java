package dev.spectron.training.speaker;

import dev.spectron.audio.Resampler;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.training.data.Augmentation;
import dev.spectron.training.data.StoredLogMel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Draws batches of crops by speaker. A recording is played at one of several speeds, which moves
 * pitch and formants: at each of them it is another speaker, as in Yamamoto et al. 2019, "Speaker
 * augmentation and bandwidth extension for deep speaker embedding". A clip whose voice was varied
 * by an unknown amount gives all its crops itself, and is never told apart from the same voice.
 * Safe for several threads.
 */
final class SpeakerData {
  private final SpeakerRecipe recipe;
  private final SpeakerFeatures features;
  private final List<Speaker> speakers;
  private final Augmentation masks;
  private final Map<String, StoredLogMel> stored = new ConcurrentHashMap<>();

  /** A speaker's clips, varied ones apart. */
  private record Speaker(String name, List<SpeakerClip> plain, List<SpeakerClip> varied) {}

  /**
   * A speaker as heard in one batch.
   *
   * @param speed factor on pitch and formants; 0 if unknown
   */
  private record Drawn(Speaker speaker, double speed, List<float[]> crops) {
    boolean mightBe(Drawn other) {
      return speaker.name.equals(other.speaker.name)
          && (speed == 0 || other.speed == 0 || speed == other.speed);
    }
  }

  /**
   * Data to draw from.
   *
   * @throws TrainingException if there are fewer than two speakers
   */
  SpeakerData(SpeakerRecipe recipe, List<SpeakerClip> clips) {
    this.recipe = recipe;
    this.features = new SpeakerFeatures(recipe.encoder().features());
    this.masks = new Augmentation(recipe.augment().masks());
    Map<String, Speaker> byName = new LinkedHashMap<>();
    for (SpeakerClip clip : clips) {
      Speaker speaker =
          byName.computeIfAbsent(
              clip.speaker(), name -> new Speaker(name, new ArrayList<>(), new ArrayList<>()));
      (clip.varied() ? speaker.varied : speaker.plain).add(clip);
    }
    this.speakers = List.copyOf(byName.values());
    if (speakers.size() < 2) {
      throw new TrainingException(
          "speaker data: expected at least two speakers, found %d; give --recordings with more"
              .formatted(speakers.size()));
    }
  }

  int speakers() {
    return speakers.size();
  }

  /** One batch. */
  SpeakerBatch batch(SplittableRandom random) {
    int most = random.nextInt(recipe.fewestFrames(), recipe.mostFrames() + 1);
    List<Drawn> drawn = new ArrayList<>();
    for (int row = 0; row < recipe.speakersPerBatch(); row++) {
      drawn.add(draw(most, random));
    }
    List<float[]> crops = drawn.stream().flatMap(one -> one.crops.stream()).toList();
    int nMels = features.spec().nMels();
    int[] lengths = crops.stream().mapToInt(crop -> crop.length / nMels).toArray();
    int time = Arrays.stream(lengths).max().orElseThrow();
    Shape shape = Shape.of(crops.size(), time, nMels);
    float[] frames = new float[shape.arrayLength()];
    for (int row = 0; row < crops.size(); row++) {
      System.arraycopy(crops.get(row), 0, frames, row * time * nMels, crops.get(row).length);
    }
    return new SpeakerBatch(frames, shape, Lengths.of(lengths), unclear(drawn));
  }

  private static boolean[] unclear(List<Drawn> drawn) {
    boolean[] unclear = new boolean[drawn.size() * drawn.size()];
    for (int a = 0; a < drawn.size(); a++) {
      for (int b = 0; b < drawn.size(); b++) {
        unclear[a * drawn.size() + b] = a != b && drawn.get(a).mightBe(drawn.get(b));
      }
    }
    return unclear;
  }

  private Drawn draw(int most, SplittableRandom random) {
    Speaker speaker = speakers.get(random.nextInt(speakers.size()));
    int count = recipe.cropsPerSpeaker();
    boolean varied =
        speaker.plain.isEmpty()
            || (!speaker.varied.isEmpty() && random.nextDouble() < recipe.variedShare());
    if (varied) {
      SpeakerClip clip = speaker.varied.get(random.nextInt(speaker.varied.size()));
      return new Drawn(speaker, 0, pieces(frames(clip, 1), count, most, random));
    }
    double speed = recipe.speeds().get(random.nextInt(recipe.speeds().size()));
    if (speaker.plain.size() < count) {
      SpeakerClip clip = speaker.plain.get(random.nextInt(speaker.plain.size()));
      return new Drawn(speaker, speed, pieces(frames(clip, speed), count, most, random));
    }
    List<float[]> crops = new ArrayList<>();
    int first = random.nextInt(speaker.plain.size());
    int step = 1 + random.nextInt(Math.max(1, (speaker.plain.size() - 1) / Math.max(1, count - 1)));
    for (int i = 0; i < count; i++) {
      SpeakerClip clip = speaker.plain.get((first + i * step) % speaker.plain.size());
      crops.addAll(pieces(frames(clip, speed), 1, most, random));
    }
    return new Drawn(speaker, speed, crops);
  }

  /** Crops of one clip that do not overlap. */
  private List<float[]> pieces(LogMel clip, int count, int most, SplittableRandom random) {
    List<float[]> crops = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = clip.time() * i / count;
      int room = clip.time() * (i + 1) / count - from;
      int time = Math.min(most, room);
      int first = from + random.nextInt(room - time + 1);
      crops.add(disturbed(clip.slice(first, first + time), random));
    }
    return crops;
  }

  private float[] disturbed(LogMel crop, SplittableRandom random) {
    LogMel noisy = recipe.augment().addNoise(crop, random);
    return masks.apply(new LogMel(SpeakerFeatures.centred(noisy), crop.spec()), random);
  }

  private LogMel frames(SpeakerClip clip, double speed) {
    StoredLogMel log =
        stored.computeIfAbsent(
            clip.varied() + " " + clip.id() + " " + speed, key -> extract(clip, speed));
    return new LogMel(log.values(), features.spec());
  }

  private StoredLogMel extract(SpeakerClip clip, double speed) {
    Waveform sound = clip.sound().get();
    int rate = (int) Math.round(sound.sampleRate() * speed);
    try {
      Waveform played =
          Resampler.resample(new Waveform(sound.samples(), rate), features.spec().sampleRate());
      LogMel speech = features.speech(played);
      if (speech.time() < recipe.cropsPerSpeaker()) {
        throw new AudioException("speaker: too few frames for the crops");
      }
      return new StoredLogMel(speech);
    } catch (AudioException e) {
      throw new TrainingException("clip " + clip.id() + ": " + e.getMessage(), e);
    }
  }
}
