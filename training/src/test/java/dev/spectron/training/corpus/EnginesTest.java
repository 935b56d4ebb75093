package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  @TempDir Path folder;

  @Test
  void soundIsReadFromAStreamedHeader() throws IOException {
    Path wav = write(wav(1, 1, 16, 22_050, -1, new short[] {0, 16_384, -32_768}));
    Waveform waveform = EngineWav.read(wav);
    assertThat(waveform.sampleRate()).isEqualTo(22_050);
    assertThat(waveform.samples()).containsExactly(0f, 0.5f, -1f);
  }

  @Test
  void brokenSoundFilesAreRefused() throws IOException {
    assertUnreadable(new byte[0], "expected a RIFF file, found 0 other bytes");
    assertUnreadable(new byte[44], "expected a RIFF file, found 44 other bytes");
    assertUnreadable(
        wav(3, 1, 16, 16_000, 6, new short[] {1, 2, 3}),
        "expected 16-bit mono PCM, found another format");
    assertUnreadable(
        wav(1, 2, 16, 16_000, 6, new short[] {1, 2, 3}),
        "expected 16-bit mono PCM, found another format");
    assertUnreadable(
        wav(1, 1, 16, 16_000, 6, new short[] {1, 2, 3}), "expected speech, found silence");
    assertUnreadable(wav(1, 1, 16, 16_000, 0, new short[0]), "expected speech, found silence");
    assertUnreadable(
        java.util.Arrays.copyOf(wav(1, 1, 16, 16_000, 0, new short[0]), 36),
        "expected a data chunk");
  }

  @Test
  void aSentenceCannotLeaveItsQuotes() {
    FestivalScript script = new FestivalScript();
    Utterance hostile = Utterance.plain(new Voice.FestivalKed(), "\") (system \"ls");
    assertThatThrownBy(() -> script.speakKed(hostile, "0.wav"))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("festival: expected a sentence without quotes");
  }

  private void assertUnreadable(byte[] bytes, String message) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> EngineWav.read(file))
        .isInstanceOf(AudioException.class)
        .hasMessageContaining(message);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.wav"), bytes);
  }

  private static byte[] wav(
      int format, int channels, int bits, int rate, int dataBytes, short[] samples) {
    ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(-1);
    wav.put("WAVEfmt ".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) format).putShort((short) channels).putInt(rate).putInt(rate * 2);
    wav.putShort((short) 2).putShort((short) bits);
    wav.put("data".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(dataBytes);
    for (short sample : samples) {
      wav.putShort(sample);
    }
    return wav.array();
  }
}
