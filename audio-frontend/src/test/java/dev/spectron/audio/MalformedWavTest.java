package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.AudioException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedWavTest {
  private static final String REMEDY =
      "; convert to 16-bit PCM: ffmpeg -i q.wav -c:a pcm_s16le converted.wav";

  @TempDir private Path folder;

  @Test
  void emptyFile() {
    refused(new WavBytes(), "q.wav: expected a WAV file, found no bytes; record it again");
  }

  @Test
  void missingFile() {
    Path file = folder.resolve("q.wav");
    assertThatThrownBy(() -> WavFile.read(file))
        .isInstanceOf(AudioException.class)
        .hasMessage(file + ": no such file; check the path");
  }

  @Test
  void aFolder() {
    assertThatThrownBy(() -> WavFile.read(folder))
        .isInstanceOf(AudioException.class)
        .hasMessage(folder + ": expected a WAV file, found a folder; name a file in it");
  }

  @Test
  void aFileReadThroughItsPathNamesItself() throws IOException {
    Path file = Files.write(folder.resolve("q.wav"), new byte[0]);
    assertThatThrownBy(() -> WavFile.read(file))
        .isInstanceOf(AudioException.class)
        .hasMessage(file + ": expected a WAV file, found no bytes; record it again");
  }

  @Test
  void headerOnly() {
    refused(
        WavBytes.riff(36).fmt(1, 1, 16_000, 16).text("data").u32(0),
        "q.wav: byte 44: expected samples, found none; the recording is empty, record it again");
  }

  @Test
  void headerWithoutSamplesBeforeAnotherChunk() {
    refused(
        WavBytes.riff(48).fmt(1, 1, 16_000, 16).data().text("LIST").u32(4).text("INFO"),
        "q.wav: byte 44: expected samples, found none; the recording is empty, record it again");
  }

  @Test
  void noDataChunk() {
    refused(
        WavBytes.riff(28).fmt(1, 1, 16_000, 16),
        "q.wav: byte 36: expected a chunk with samples, found the end; the file is cut off or"
            + " empty");
  }

  @Test
  void cutInsideTheRiffHeader() {
    refused(
        new WavBytes().text("RIFF").u32(36).text("WA"),
        "q.wav: byte 10: expected 12 bytes of header, found the end; the file is cut off");
  }

  @Test
  void cutInsideAChunkHeader() {
    refused(
        WavBytes.riff(36).text("fmt "),
        "q.wav: byte 12: expected a chunk with samples, found the end; the file is cut off or"
            + " empty");
  }

  @Test
  void cutInsideTheFormat() {
    refused(
        WavBytes.riff(36).text("fmt ").u32(16).u16(1).u16(1),
        "q.wav: byte 24: expected a 'fmt ' chunk of 16 bytes, found the end");
  }

  @Test
  void cutInsideASkippedChunk() {
    refused(
        WavBytes.riff(36).text("LIST").u32(1000).zeros(10),
        "q.wav: byte 20: expected a chunk 'LIST' of 1000 more bytes, found the end; the file is cut"
            + " off");
  }

  @Test
  void cutInsideTheSamples() {
    refused(
        WavBytes.riff(1036).fmt(1, 1, 16_000, 16).text("data").u32(1000).zeros(10),
        "q.wav: byte 44: expected 1000 bytes of samples, found 10; the file is cut off, copy it"
            + " again");
  }

  @Test
  void cutInsideTheSamplesOfAWideFile() {
    refused(
        new WavBytes()
            .text("RF64")
            .u32(-1)
            .text("WAVEds64")
            .u32(16)
            .zeros(8)
            .u32(0)
            .u32(2)
            .fmt(1, 1, 16_000, 16)
            .text("data")
            .u32(-1)
            .zeros(10),
        "q.wav: byte 68: expected 8589934592 bytes of samples, found 10; the file is cut off, copy"
            + " it again");
  }

  @Test
  void samplesBeforeTheFormat() {
    refused(
        WavBytes.riff(36).data(new byte[8]).fmt(1, 1, 16_000, 16),
        "q.wav: byte 12: expected a 'fmt ' chunk before the samples, found none");
  }

  @Test
  void aChunkTooLargeToSkip() {
    refused(
        WavBytes.riff(36).text("LIST").u32(0xFFFF_FFF0L),
        "q.wav: byte 20: expected samples within the first 67108864 bytes, found a chunk 'LIST' of"
            + " 4294967280 bytes");
  }

  @Test
  void noChannel() {
    refused(
        WavBytes.riff(44).fmt(1, 0, 16_000, 16).data(new byte[8]),
        "q.wav: byte 22: expected 1 to 64 channels, found 0; convert to mono: ffmpeg -i q.wav -c:a pcm_s16le converted.wav");
  }

  @Test
  void tooManyChannels() {
    refused(
        WavBytes.riff(44).fmt(1, 65, 16_000, 16).data(new byte[8]),
        "q.wav: byte 22: expected 1 to 64 channels, found 65; convert to mono: ffmpeg -i q.wav -c:a pcm_s16le converted.wav");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 99, 768_001, 0xFFFF_FFFFL})
  void ratesNobodyRecordsWith(long rate) {
    refused(
        WavBytes.riff(44).fmt(1, 1, (int) rate, 16).data(new byte[8]),
        "q.wav: byte 24: expected a rate of 100 to 768000 Hz, found "
            + rate
            + " Hz; record it again");
  }

  @Test
  void oneBitSamples() {
    refused(
        WavBytes.riff(44).fmt(1, 8, 16_000, 1).data(new byte[8]),
        "q.wav: byte 34: 1-bit samples of format 1 (PCM) are not supported" + REMEDY);
  }

  @Test
  void sixteenBitFloats() {
    refused(
        WavBytes.riff(44).fmt(3, 1, 16_000, 16).data(new byte[8]),
        "q.wav: byte 34: 16-bit samples of format 3 (float) are not supported" + REMEDY);
  }

  @Test
  void aBlockSizeThatContradictsTheFormat() {
    WavBytes wav =
        WavBytes.riff(44).text("fmt ").u32(16).u16(1).u16(2).u32(8000).u32(16_000).u16(2).u16(16);
    refused(
        wav.data(new byte[8]),
        "q.wav: byte 32: expected 4 bytes for 2 channels of 16 bits, found 2; the header is"
            + " damaged");
  }

  @Test
  void aShortFormat() {
    refused(
        WavBytes.riff(44).text("fmt ").u32(14).zeros(14),
        "q.wav: byte 16: expected a 'fmt ' chunk of at least 16 bytes, found 14");
  }

  @Test
  void aShortExtensibleFormat() {
    refused(
        WavBytes.riff(44).fmt(0xFFFE, 1, 16_000, 16).data(new byte[8]),
        "q.wav: byte 20: expected an extensible header of 40 bytes, found 16");
  }

  @Test
  void anUnknownSubFormat() {
    WavBytes wav =
        WavBytes.riff(68).text("fmt ").u32(40).u16(0xFFFE).u16(1).u32(8000).u32(16_000).u16(2);
    refused(
        wav.u16(16).u16(22).u16(16).u32(4).zeros(16).data(new byte[8]),
        "q.wav: byte 20: format 65534 (unknown) is not supported" + REMEDY);
  }

  @Test
  void mp3InWav() {
    refused(
        WavBytes.riff(44).fmt(85, 1, 16_000, 0).data(new byte[8]),
        "q.wav: byte 20: format 85 (MP3) is not supported" + REMEDY);
  }

  @ParameterizedTest
  @CsvSource({
    "ms-adpcm.wav, 20, format 2 (Microsoft ADPCM) is not supported",
    "ima-adpcm.wav, 20, format 17 (IMA ADPCM) is not supported",
    "gsm.wav, 20, format 49 (GSM 6.10) is not supported",
    "tone.flac, 0, 'expected a WAV file, found FLAC audio'",
    "tone.ogg, 0, 'expected a WAV file, found Ogg audio (Vorbis or Opus)'",
    "tone.aiff, 0, 'expected a WAV file, found AIFF audio'",
    "tone.au, 0, 'expected a WAV file, found AU audio'"
  })
  void otherFormatsMadeBySox(String file, int at, String problem) throws IOException {
    try (InputStream in = MalformedWavTest.class.getResourceAsStream("/wav/" + file)) {
      assertThatThrownBy(() -> WavFile.read("q.wav", in))
          .isInstanceOf(AudioException.class)
          .hasMessage("q.wav: byte " + at + ": " + problem + REMEDY);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000', MP3 audio",
    "'\u00FF\u00FB\u0090d', MP3 audio",
    "'\u00FF\u00F1P\u0080', AAC audio",
    "'\u0000\u0000\u0000 ftypM4A ', MP4 or M4A audio",
    "'RIFX\u0000\u0000\u0000\u0000WAVE', big-endian WAV audio",
    "'RIFF\u0000\u0000\u0000\u0000AVI ', a RIFF file of kind 'AVI '",
    "'wvpk', WavPack audio",
    "'\u001AE\u00DF\u00A3', WebM or Matroska audio",
    "'MThd', MIDI notes",
    "'question', a file that starts with bytes 71 75 65 73",
    "'x', a file that starts with bytes 78"
  })
  void otherFormatsByTheirFirstBytes(String head, String name) {
    refused(
        new WavBytes().text(head), "q.wav: byte 0: expected a WAV file, found " + name + REMEDY);
  }

  @Test
  void aRiffFileOfUnprintableKind() {
    refused(
        new WavBytes().text("RIFF").u32(9).raw((byte) 10, (byte) 0, (byte) 27, (byte) -1),
        "q.wav: byte 0: expected a WAV file, found a RIFF file of kind '????'" + REMEDY);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void samplesThatAreNoNumbers(float bad) {
    refused(
        WavBytes.riff(48).fmt(3, 1, 16_000, 32).data(WavBytes.floats(0, 0, bad)),
        "q.wav: byte 52: expected finite samples, found " + bad + "; repair the recording");
  }

  @Test
  void aDoubleBeyondTheRangeOfFloat() {
    byte[] huge = new byte[8];
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putDouble(-1e300);
    refused(
        WavBytes.riff(44).fmt(3, 1, 16_000, 64).data(huge),
        "q.wav: byte 44: expected finite samples, found -Infinity; repair the recording");
  }

  @Test
  void tenMinutes() {
    refused(
        WavBytes.riff(100).fmt(1, 1, 100, 8).data(new byte[60_000]),
        "q.wav: expected less than 600 s of sound, found more; cut it into pieces");
  }

  @Test
  void aStreamOfUnknownLengthThatGoesOnTooLong() {
    byte[] head = WavBytes.riff(0).fmt(1, 1, 8000, 8).text("data").u32(0).bytes();
    InputStream endless =
        new SequenceInputStream(
            new ByteArrayInputStream(head), new ByteArrayInputStream(new byte[5_000_000]));
    assertThatThrownBy(() -> WavFile.read("q.wav", endless))
        .isInstanceOf(AudioException.class)
        .hasMessage("q.wav: expected less than 600 s of sound, found more; cut it into pieces");
  }

  @Test
  void aStreamThatFails() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("unplugged");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    assertThatThrownBy(() -> WavFile.read("q.wav", failing))
        .isInstanceOf(AudioException.class)
        .hasMessage("q.wav: cannot be read (unplugged); check the disk or the stream");
  }

  @Test
  void aNameWithALineBreakStaysOnOneLine() {
    assertThatThrownBy(() -> WavFile.read("a\nb", new WavBytes().stream()))
        .isInstanceOf(AudioException.class)
        .hasMessage("a?b: expected a WAV file, found no bytes; record it again");
  }

  private static void refused(WavBytes wav, String message) {
    assertThatThrownBy(() -> WavFile.read("q.wav", wav.stream()))
        .isInstanceOf(AudioException.class)
        .hasMessage(message);
  }
}
