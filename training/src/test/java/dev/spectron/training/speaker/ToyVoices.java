package dev.spectron.training.speaker;

import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Voices that sing vowels at random: each has a pitch and a length of the vocal tract. */
final class ToyVoices {
  static final int RATE = 16_000;

  private static final double[][] VOWELS = {
    {300, 2300}, {400, 2000}, {650, 1700}, {700, 1100}, {450, 800}, {300, 900}
  };
  private static final double VOWEL_SECONDS = 0.2;

  private ToyVoices() {}

  /** A recipe of some thousand parameters. */
  static SpeakerRecipe recipe(long steps) {
    return recipe(config(16), steps);
  }

  static SpeakerRecipe recipe(SpeakerConfig config, long steps) {
    return new SpeakerRecipe(
        config,
        5,
        1,
        steps,
        6,
        2,
        20,
        40,
        List.of(1.0),
        0.5,
        SpeakerAugment.none(),
        10,
        0.1,
        new SpeakerRecipe.Rates(3e-3, 20, 0.1),
        0.01,
        5,
        60,
        1);
  }

  static SpeakerConfig config(int channels) {
    FeatureSpec features =
        new FeatureSpec(RATE, 512, 400, 200, 40, 20, 8000, 1e-2, Normalisation.none());
    return new SpeakerConfig(features, channels, 2, List.of(5, 3), List.of(1, 2), 24, 3, 8);
  }

  /** Speech of voice {@code voice}, 0 to 7; every seed says something else. */
  static Waveform speak(int voice, double seconds, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double pitch = 90 * Math.pow(1.3, voice);
    double breath = 0.5 * (voice % 3);
    int perVowel = (int) (VOWEL_SECONDS * RATE);
    float[] samples = new float[(int) (seconds * RATE)];
    double[] strengths = new double[0];
    for (int i = 0; i < samples.length; i++) {
      if (i % perVowel == 0) {
        strengths = strengths(pitch, 0.75 + 0.1 * voice, VOWELS[random.nextInt(VOWELS.length)]);
      }
      double phase = 2 * Math.PI * pitch * i / RATE;
      double sum = breath * (random.nextDouble() - 0.5);
      for (int k = 0; k < strengths.length; k++) {
        sum += strengths[k] * Math.sin((k + 1) * phase);
      }
      samples[i] = (float) (0.1 * sum * (0.1 + Math.sin(Math.PI * (i % perVowel) / perVowel)));
    }
    return new Waveform(samples, RATE);
  }

  /** Of the harmonics below 3 kHz, with a vowel's formants scaled by the length of the tract. */
  private static double[] strengths(double pitch, double tract, double[] vowel) {
    double[] strengths = new double[(int) (3000 / pitch)];
    for (int k = 0; k < strengths.length; k++) {
      for (double formant : vowel) {
        double distance = ((k + 1) * pitch - formant * tract) / 120;
        strengths[k] += 0.01 + Math.exp(-distance * distance);
      }
    }
    return strengths;
  }

  static List<SpeakerClip> clips(int voices, int clips, long seed) {
    List<SpeakerClip> all = new ArrayList<>();
    for (int voice = 0; voice < voices; voice++) {
      for (int i = 0; i < clips; i++) {
        Waveform speech = speak(voice, 1.2, seed + 100L * voice + i);
        all.add(new SpeakerClip("toy-" + voice + "-" + i, "toy-" + voice, false, () -> speech));
      }
    }
    return all;
  }

  /** Writes clips and their manifest. */
  static Path write(Path folder, List<SpeakerClip> clips) throws IOException {
    StringBuilder manifest = new StringBuilder();
    Files.createDirectories(folder);
    for (SpeakerClip clip : clips) {
      WavFile.write(folder.resolve(clip.id() + ".wav"), clip.sound().get());
      Map<String, String> line =
          Map.of("audio", clip.id() + ".wav", "id", clip.id(), "speaker", clip.speaker());
      manifest.append(Json.line(line)).append('\n');
    }
    return Files.writeString(folder.resolve("set.jsonl"), manifest.toString());
  }
}
