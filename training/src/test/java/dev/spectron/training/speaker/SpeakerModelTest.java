package dev.spectron.training.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.audio.WavFile;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.ReferenceBackend;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeakerModelTest {
  private static final Path SAMPLES = Path.of("../samples/questions");

  /** Undisturbed recordings of each voice; the last one training never heard. */
  private static final List<List<String>> BY_VOICE =
      List.of(
          List.of("baby-cat", "nine-plus-six"),
          List.of("country-of-ottawa", "number-after-five"),
          List.of("capital-of-japan", "two-plus-three"));

  @Test
  void oneVoiceSoundsMoreLikeItselfThanLikeAnother() {
    try (Backend backend = Backends.open("cpu")) {
      SpeakerModel model = SpeakerModel.mini(backend);
      List<List<float[]>> embedded =
          BY_VOICE.stream()
              .map(names -> names.stream().map(name -> model.embed(sample(name))).toList())
              .toList();
      for (int voice = 0; voice < embedded.size(); voice++) {
        List<float[]> own = embedded.get(voice);
        double same = SpeakerEmbedder.cosine(own.getFirst(), own.getLast());
        List<Double> different = new ArrayList<>();
        for (int other = 0; other < embedded.size(); other++) {
          if (other != voice) {
            for (float[] another : embedded.get(other)) {
              different.add(SpeakerEmbedder.cosine(own.getFirst(), another));
              different.add(SpeakerEmbedder.cosine(own.getLast(), another));
            }
          }
        }
        assertThat(different).as("voice %d", voice).allMatch(score -> score < same);
      }
    }
  }

  @Test
  void itIsTheSameOnTheReference() {
    Waveform speech = sample("baby-cat");
    try (Backend reference = new ReferenceBackend();
        Backend cpu = Backends.open("cpu")) {
      assertThat(SpeakerModel.mini(cpu).embed(speech))
          .hasSize(64)
          .containsExactly(SpeakerModel.mini(reference).embed(speech), within(1e-4f));
    }
  }

  @Test
  void itIsOfTheCommittedRecipe() {
    SpeakerRecipe recipe = Json.read(Path.of("recipes/speaker-mini.json"), SpeakerRecipe.class);
    try (ModelBundle bundle =
        ModelBundle.openResources(
            SpeakerModel.class.getClassLoader(), "dev/spectron/training/speaker/mini")) {
      assertThat(bundle.config("speaker", SpeakerConfig.class)).isEqualTo(recipe.encoder());
      assertThat(bundle.card()).containsEntry("training_steps", (int) recipe.steps());
    }
  }

  private static Waveform sample(String name) {
    return WavFile.read(SAMPLES.resolve(name + ".wav"));
  }
}
