package dev.spectron.langchain4j;

import dev.langchain4j.data.audio.Audio;

/**
 * A spoken answer.
 *
 * @param transcript what the model heard
 * @param text the answer in words
 * @param audio the answer as a WAV file
 */
public record VoiceToVoiceResponse(String transcript, String text, Audio audio) {}
