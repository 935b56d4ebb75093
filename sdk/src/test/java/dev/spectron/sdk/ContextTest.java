package dev.spectron.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.DType;
import dev.spectron.lm.WordTokenizer;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.spokenlm.SpokenLanguageModel;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.SpokenLmConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation with a model whose configuration says that it hears earlier turns. */
class ContextTest {
  private static final int WINDOW = 70;

  @TempDir private Path folder;

  @Test
  void turnsAreHeardAsFarAsTheyFitAndTheRestIsSaidToBeDropped() {
    SpectronOptions options =
        Toy.options().randomWeights("toy").bundle(write(folder.resolve("toy"))).build();
    try (Spectron spectron = Spectron.open(options)) {
      assertThat(spectron.hearsContext()).isTrue();
      ConversationOptions short2 =
          spectron.conversationOptions().toBuilder().maxSpeechFrames(2).build();
      Conversation conversation = spectron.newConversation(short2);
      assertThat(conversation.answer(Toy.question(0)).context())
          .isEqualTo(new Answer.Context(0, 0));
      Answer second = conversation.answer(Toy.question(0));
      assertThat(second.context()).isEqualTo(new Answer.Context(1, 0));
      ConversationOptions later = short2.toBuilder().seed(short2.seed() + 1).build();
      Answer alone = spectron.newConversation(later).answer(Toy.question(0));
      assertThat(second.spectrogram().values())
          .as("with the same seed, but something before it")
          .isNotEqualTo(alone.spectrogram().values());
      Answer.Context last = second.context();
      int asked = 2;
      for (; asked < 60 && last.dropped() == 0; asked++) {
        last = conversation.answer(Toy.question(asked % 8)).context();
        assertThat(last.turns() + last.dropped()).isEqualTo(asked);
      }
      assertThat(last.dropped()).isPositive();
      assertThat(last.turns()).isPositive();
      assertThat(conversation.turns()).hasSize(asked);
    }
  }

  private static Path write(Path bundle) {
    Map<String, List<StoredTensor>> stages = new LinkedHashMap<>();
    RandomWeights random = new RandomWeights(3);
    SpokenLmConfig toy = NamedConfigs.of("toy");
    SpokenLmConfig config = toy.withDecoding(toy.decoding().withContext(WINDOW));
    try (Backend backend = Backends.open("reference")) {
      SpokenLanguageModel.load(
          config,
          WeightScope.of(
              backend,
              (path, shape, init) -> {
                WeightData data = random.read(path, shape, init);
                int dot = path.indexOf('.');
                stages
                    .computeIfAbsent(path.substring(0, dot), _ -> new ArrayList<>())
                    .add(
                        new StoredTensor(
                            path.substring(dot + 1), DType.F32, shape, data::toFloats));
                return data;
              }));
    }
    SpokenLmBundle.write(
        bundle,
        "toy-that-hears",
        config,
        NamedConfigs.vocoder("toy"),
        Map.of("domain", "none"),
        new String(WordTokenizer.spelling(List.of("spectron")).json(), StandardCharsets.UTF_8),
        stages);
    return bundle;
  }
}
