package dev.spectron.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.audio.AudioTranscriptionModel;
import dev.langchain4j.model.audio.AudioTranscriptionRequest;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.MisuseException;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.sdk.Speech;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The adapters against the SDK they adapt. */
class AdaptersTest {
  private Spectron spectron;
  private byte[] question;

  @BeforeEach
  void open() {
    spectron =
        Spectron.open(
            SpectronOptions.builder()
                .randomWeights("toy")
                .backend("reference")
                .seed(4000)
                .temperature(1)
                .maxSpeechFrames(8)
                .build());
    float[] tone = new float[4000];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) Math.sin(0.1 * i);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Speech.of(tone, 16_000).writeWav(file);
    question = file.toByteArray();
  }

  @AfterEach
  void close() {
    spectron.close();
  }

  private Answer expected() {
    return spectron.answer(Speech.readWav(new ByteArrayInputStream(question)));
  }

  @Test
  void theTranscriptIsThatOfTheAnswer() {
    AudioTranscriptionModel model = new SpectronTranscriptionModel(spectron);
    String expected = expected().transcript();
    assertThat(expected).isNotEmpty();
    assertThat(model.transcribeToText(Audio.builder().binaryData(question).build()))
        .isEqualTo(expected);
    Audio coded = Audio.builder().base64Data(Base64.getEncoder().encodeToString(question)).build();
    assertThat(model.transcribe(AudioTranscriptionRequest.builder(coded).build()).text())
        .isEqualTo(expected);
    assertThat(model.provider()).isEqualTo(ModelProvider.OTHER);
  }

  @Test
  void theVoiceIsThatOfTheAnswer() {
    VoiceToVoiceModel model = new SpectronVoiceModel(spectron);
    VoiceToVoiceResponse response = model.answer(Audio.builder().binaryData(question).build());
    Answer expected = expected();
    assertThat(response.transcript()).isEqualTo(expected.transcript());
    assertThat(response.text()).isEqualTo(expected.text());
    assertThat(response.audio().mimeType()).isEqualTo("audio/wav");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    expected.speech().writeWav(file);
    assertThat(response.audio().binaryData()).isEqualTo(file.toByteArray());
    assertThat(model.provider()).isEqualTo(ModelProvider.OTHER);
  }

  @Test
  void whatIsNoRecordingIsRefused() {
    VoiceToVoiceModel model = new SpectronVoiceModel(spectron);
    assertThatThrownBy(() -> model.answer(Audio.builder().url("file:///q.wav").build()))
        .isInstanceOf(AudioException.class)
        .hasMessageEndingWith("fetch what is at a URL first");
    assertThatThrownBy(() -> model.answer(Audio.builder().base64Data("!").build()))
        .isInstanceOf(AudioException.class)
        .hasMessageContaining("expected Base64");
    assertThatThrownBy(() -> model.answer(Audio.builder().binaryData(new byte[50]).build()))
        .isInstanceOf(AudioException.class);
    spectron.close();
    assertThatThrownBy(() -> model.answer(Audio.builder().binaryData(question).build()))
        .isInstanceOf(MisuseException.class);
  }
}
