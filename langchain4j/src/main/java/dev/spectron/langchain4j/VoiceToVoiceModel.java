package dev.spectron.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.model.ModelProvider;

/**
 * A model that hears a question and says the answer. LangChain4j has no such type of its own yet;
 * this one follows the form of its {@code AudioTranscriptionModel}.
 */
public interface VoiceToVoiceModel {
  /**
   * Answers a spoken question.
   *
   * @param question a recording
   * @return the spoken answer, with the words of both
   */
  VoiceToVoiceResponse answer(Audio question);

  /** Who made it. */
  default ModelProvider provider() {
    return ModelProvider.OTHER;
  }
}
