package dev.spectron.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.sdk.Speech;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/** WAV files as LangChain4j hands them around. */
final class AudioFile {
  private AudioFile() {}

  /**
   * Reads a question.
   *
   * @throws AudioException if there is no WAV file in it
   */
  static Speech read(Audio audio) {
    return Speech.readWav(new ByteArrayInputStream(bytes(audio)));
  }

  private static byte[] bytes(Audio audio) {
    if (audio.binaryData() != null) {
      return audio.binaryData();
    }
    if (audio.base64Data() == null) {
      throw new AudioException(
          "audio: expected the bytes of a WAV file, found none; fetch what is at a URL first",
          ErrorCode.AUDIO_MISSING);
    }
    try {
      return Base64.getDecoder().decode(audio.base64Data());
    } catch (IllegalArgumentException e) {
      throw new AudioException(
          "audio: expected Base64, found other text; encode the bytes of a WAV file",
          ErrorCode.AUDIO_FORMAT,
          e);
    }
  }

  /** The file of an answer's sound: 16 bits, one channel. */
  static Audio of(Speech speech) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    speech.writeWav(file);
    return Audio.builder().binaryData(file.toByteArray()).mimeType("audio/wav").build();
  }
}
