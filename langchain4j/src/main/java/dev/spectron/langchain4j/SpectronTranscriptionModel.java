package dev.spectron.langchain4j;

import dev.langchain4j.model.audio.AudioTranscriptionModel;
import dev.langchain4j.model.audio.AudioTranscriptionRequest;
import dev.langchain4j.model.audio.AudioTranscriptionResponse;
import dev.spectron.sdk.Conversation;
import dev.spectron.sdk.ConversationOptions;
import dev.spectron.sdk.Spectron;
import java.util.Objects;

/**
 * What the model hears of a question, which it writes before it answers. Prompt, language and
 * temperature of a request have no effect. Safe for several threads, like the model, which stays
 * the caller's to close.
 *
 * {@snippet :
 * try (Spectron spectron = Spectron.openDefault()) {
 *   AudioTranscriptionModel model = new SpectronTranscriptionModel(spectron);
 *   Audio audio = Audio.builder().binaryData(Files.readAllBytes(Path.of("question.wav"))).build();
 *   System.out.println(model.transcribeToText(audio));
 * }
 * }
 */
public final class SpectronTranscriptionModel implements AudioTranscriptionModel {
  private final Spectron spectron;

  /** Transcribes with a model. */
  public SpectronTranscriptionModel(Spectron spectron) {
    this.spectron = Objects.requireNonNull(spectron, "spectron");
  }

  /**
   * Transcribes a WAV file.
   *
   * @throws dev.spectron.core.error.AudioException if it is none, or is at a URL
   * @throws dev.spectron.core.error.CapacityException if it is longer than the model can hear
   * @throws dev.spectron.core.error.MisuseException if the model is closed
   */
  @Override
  public AudioTranscriptionResponse transcribe(AudioTranscriptionRequest request) {
    // The transcript comes before the speech, of which the least is made.
    ConversationOptions options =
        spectron.conversationOptions().toBuilder().maxSpeechFrames(1).build();
    try (Conversation conversation = spectron.newConversation(options)) {
      return AudioTranscriptionResponse.from(
          conversation.answer(AudioFile.read(request.audio())).transcript());
    }
  }
}
