package dev.spectron.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation with a model whose configuration says that it hears earlier turns. */
class ContextTest {
  @TempDir private Path folder;

  @Test
  void turnsAreHeardAsFarAsTheyFitAndTheRestIsSaidToBeDropped() {
    SpectronOptions options =
        Toy.options().randomWeights("toy").bundle(HearingToy.write(folder.resolve("toy"))).build();
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

  @Test
  void turnsThatAreForgottenAreNotHeard() {
    SpectronOptions options =
        Toy.options().randomWeights("toy").bundle(HearingToy.write(folder.resolve("toy"))).build();
    try (Spectron spectron = Spectron.open(options)) {
      ConversationOptions brief =
          spectron.conversationOptions().toBuilder().maxSpeechFrames(2).maxTurns(3).build();
      Conversation conversation = spectron.newConversation(brief);
      conversation.answer(Toy.question(0));
      conversation.answer(Toy.question(1));
      Turn second = conversation.turns().getLast();
      conversation.setTurns(List.of(second));
      Answer third = conversation.answer(Toy.question(2));
      assertThat(third.context()).isEqualTo(new Answer.Context(1, 0));
      assertThat(conversation.turns())
          .containsExactly(second, new Turn(third.transcript(), third.text()));

      conversation.setTurns(List.of());
      Answer alone = conversation.answer(Toy.question(2));
      ConversationOptions fourth = brief.toBuilder().seed(brief.seed() + 3).build();
      Toy.assertSame(alone, spectron.newConversation(fourth).answer(Toy.question(2)));

      Turn said = new Turn("a", "b");
      conversation.setTurns(Collections.nCopies(5, said));
      assertThat(conversation.turns()).containsExactly(said, said, said);
      Answer.Context heard = conversation.answer(Toy.question(0)).context();
      assertThat(heard.turns() + heard.dropped()).isEqualTo(5);
      assertThat(heard.turns()).isPositive();
    }
  }
}
