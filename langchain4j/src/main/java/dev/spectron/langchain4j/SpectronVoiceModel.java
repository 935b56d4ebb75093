package dev.spectron.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import java.util.Objects;

/**
 * A question in, its answer out, both as sound. Safe for several threads, like the model, which
 * stays the caller's to close. Each question is answered on its own.
 *
 * {@snippet :
 * try (Spectron spectron = Spectron.openDefault()) {
 *   VoiceToVoiceModel model = new SpectronVoiceModel(spectron);
 *   Audio question = Audio.builder().binaryData(Files.readAllBytes(Path.of("question.wav"))).build();
 *   VoiceToVoiceResponse response = model.answer(question);
 *   System.out.println(response.text());
 *   Files.write(Path.of("answer.wav"), response.audio().binaryData());
 * }
 * }
 */
public final class SpectronVoiceModel implements VoiceToVoiceModel {
  private final Spectron spectron;

  /** Answers with a model. */
  public SpectronVoiceModel(Spectron spectron) {
    this.spectron = Objects.requireNonNull(spectron, "spectron");
  }

  /**
   * Answers a question.
   *
   * @throws dev.spectron.core.error.AudioException if it is no WAV file, or is at a URL
   * @throws dev.spectron.core.error.CapacityException if it is longer than the model can hear
   * @throws dev.spectron.core.error.MisuseException if the model is closed
   */
  @Override
  public VoiceToVoiceResponse answer(Audio question) {
    Answer answer = spectron.answer(AudioFile.read(question));
    return new VoiceToVoiceResponse(
        answer.transcript(), answer.text(), AudioFile.of(answer.speech()));
  }
}
