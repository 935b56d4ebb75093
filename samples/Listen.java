import dev.spectron.sdk.Answer;
import dev.spectron.sdk.AnswerEvent;
import dev.spectron.sdk.Conversation;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.Speech;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Hears answers while they are being made, word by word and 100 ms by 100 ms: the first sound is
 * there before the last is known. `Listen.java one.wav two.wav`
 */
void main(String[] files) {
  try (Spectron spectron = Spectron.openDefault();
      Conversation conversation = spectron.newConversation()) {
    for (String file : files) {
      Speech question = Speech.readWav(Path.of(file));
      Answer answer = conversation.answer(question, new Clock(System.nanoTime()));
      IO.println(answer.transcript() + "? " + answer.text() + ".");
    }
  }
}

/** A player would take the samples to its sound card; this one looks at the clock. */
record Clock(long start) implements Consumer<AnswerEvent> {
  @Override
  public void accept(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.TranscriptDelta delta -> say("heard '%s'", delta.words());
      case AnswerEvent.TextDelta delta -> say("says '%s'", delta.words());
      case AnswerEvent.AudioChunk chunk ->
          say("%.1f s of sound from sample %d", chunk.speech().seconds(), chunk.position());
      case AnswerEvent.StageTiming timing ->
          say("%s took %.0f ms", timing.stage(), timing.milliseconds());
      case AnswerEvent.Done done -> say("done, %.1f s", done.answer().speech().seconds());
      case AnswerEvent.Failed failed -> say("failed: %s", failed.code());
    }
  }

  private void say(String format, Object... values) {
    String news = String.format(Locale.ROOT, format, values);
    IO.println("%6.0f ms  %s".formatted((System.nanoTime() - start) / 1e6, news));
  }
}
