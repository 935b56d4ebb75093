package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"s16.wav", "alaw.wav", "mulaw.wav"})
  void samplesEqualThoseOfTheJdk(String file) throws Exception {
    Waveform found = readResource(file);
    float[] expected = readByJdk(file);
    assertThat(found.sampleRate()).isEqualTo(8000);
    assertThat(found.samples()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"s24.wav", "s32.wav", "f32.wav", "f64.wav", "s16-6ch.wav"})
  void soxWritesTheSameSamplesInEveryFormat(String file) {
    assertThat(readResource(file)).isNotNull();
    assertThat(readResource(file).sampleRate()).isEqualTo(8000);
    assertThat(readResource(file).samples()).isEqualTo(readResource("s16.wav").samples());
  }

  @Test
  void eightBitSamplesAreUnsigned() {
    float[] coarse = readResource("u8.wav").samples();
    float[] fine = readResource("s16.wav").samples();
    assertThat(coarse).hasSameSizeAs(fine);
    for (int i = 0; i < fine.length; i++) {
      assertThat(coarse[i]).isCloseTo(fine[i], within(1 / 128f));
    }
    assertThat(read(WavBytes.riff(39).fmt(1, 1, 8000, 8).data((byte) 0, (byte) 128, (byte) 255)))
        .containsExactly(-1, 0, 127 / 128f);
  }

  @Test
  void extremesOfEveryIntegerFormatAreMinusOneAndJustBelowOne() {
    assertThat(read(WavBytes.riff(40).fmt(1, 1, 8000, 16).data(WavBytes.shorts(-32768, 32767))))
        .containsExactly(-1, 32767 / 32768f);
    byte[] in24 = {0, 0, (byte) 0x80, (byte) 0xFF, (byte) 0xFF, 0x7F};
    assertThat(read(WavBytes.riff(42).fmt(1, 1, 8000, 24).data(in24)))
        .containsExactly(-1, 8388607 / 8388608f);
    byte[] in32 = {0, 0, 0, (byte) 0x80, 0, 0, 0, 0x40};
    assertThat(read(WavBytes.riff(44).fmt(1, 1, 8000, 32).data(in32))).containsExactly(-1, 0.5f);
  }

  @Test
  void everyCompandedCodeEqualsTheOneOfTheJdk() throws IOException {
    byte[] codes = new byte[256];
    for (int i = 0; i < 256; i++) {
      codes[i] = (byte) i;
    }
    assertThat(read(WavBytes.riff(292).fmt(6, 1, 8000, 8).data(codes)))
        .isEqualTo(jdkSamples(codes, AudioFormat.Encoding.ALAW));
    assertThat(read(WavBytes.riff(292).fmt(7, 1, 8000, 8).data(codes)))
        .isEqualTo(jdkSamples(codes, AudioFormat.Encoding.ULAW));
  }

  @Test
  void channelsAreAveraged() {
    byte[] frames = WavBytes.floats(0.5f, -0.25f, 1, 0, 0.75f, 0.25f);
    assertThat(read(WavBytes.riff(60).fmt(3, 2, 44_100, 32).data(frames)))
        .containsExactly(0.125f, 0.5f, 0.5f);
  }

  @Test
  void sixtyFourChannelsAreRead() {
    assertThat(read(WavBytes.riff(292).fmt(1, 64, 768_000, 16).data(new byte[256])))
        .containsExactly(0, 0);
  }

  @Test
  void chunksBeforeTheSamplesAreSkippedWithTheirPadding() {
    WavBytes wav =
        WavBytes.riff(100)
            .text("LIST")
            .u32(5)
            .text("INFOx")
            .zeros(1)
            .fmt(1, 1, 16_000, 16)
            .text("fact")
            .u32(4)
            .u32(2)
            .text("junk")
            .u32(0)
            .data(WavBytes.shorts(16_384, -16_384));
    assertThat(read(wav)).containsExactly(0.5f, -0.5f);
  }

  @Test
  void whatFollowsTheSamplesIsIgnored() {
    WavBytes wav =
        WavBytes.riff(100)
            .fmt(1, 1, 16_000, 16)
            .data(WavBytes.shorts(16_384))
            .text("LIST")
            .u32(1000);
    assertThat(read(wav)).containsExactly(0.5f);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0xFFFFFFFF, 0xFFFFFFFF",
    "0x7FFFF024, 0x7FFFF000",
    "36, 0",
    "0x80000024, 0x80000000"
  })
  void aStreamingWritersUnknownSizeMeansAllThereIs(String riffSize, String dataSize) {
    WavBytes wav =
        WavBytes.riff(Long.decode(riffSize))
            .fmt(1, 1, 16_000, 16)
            .text("data")
            .u32(Long.decode(dataSize))
            .raw(WavBytes.shorts(16_384, 8192, 0));
    assertThat(read(wav)).containsExactly(0.5f, 0.25f, 0);
  }

  @Test
  void rf64TakesTheSizeOfItsWideChunk() {
    WavBytes wav =
        new WavBytes()
            .text("RF64")
            .u32(0xFFFF_FFFFL)
            .text("WAVEds64")
            .u32(28)
            .u32(100)
            .u32(0)
            .u32(4)
            .u32(0)
            .zeros(12)
            .fmt(1, 1, 16_000, 16)
            .text("data")
            .u32(0xFFFF_FFFFL)
            .raw(WavBytes.shorts(16_384, 8192, 77, 78));
    assertThat(read(wav)).containsExactly(0.5f, 0.25f);
  }

  @Test
  void anUnfinishedLastFrameIsDropped() {
    WavBytes wav =
        WavBytes.riff(41)
            .fmt(1, 2, 16_000, 16)
            .data((byte) 0, (byte) 64, (byte) 0, (byte) 64, (byte) 1);
    assertThat(read(wav)).containsExactly(0.5f);
  }

  @Test
  void writtenSamplesComeBackExactly() {
    float[] samples = new float[70_000];
    Random random = new Random(1);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (random.nextInt(65_536) - 32_768) / 32_768f;
    }
    Path file = folder.resolve("round.wav");
    WavFile.write(file, new Waveform(samples, 22_050));
    Waveform back = WavFile.read(file);
    assertThat(back.sampleRate()).isEqualTo(22_050);
    assertThat(back.samples()).isEqualTo(samples);
  }

  @Test
  void theJdkReadsWhatIsWritten() throws Exception {
    Path file = folder.resolve("tone.wav");
    WavFile.write(file, new Waveform(new float[] {0, 0.5f, -1, 1}, 16_000));
    try (AudioInputStream in = AudioSystem.getAudioInputStream(file.toFile())) {
      assertThat(in.getFormat().getSampleRate()).isEqualTo(16_000);
      assertThat(in.getFormat().getChannels()).isEqualTo(1);
      assertThat(in.getFormat().getSampleSizeInBits()).isEqualTo(16);
      assertThat(in.getFrameLength()).isEqualTo(4);
      assertThat(in.readAllBytes()).isEqualTo(WavBytes.shorts(0, 16_384, -32_768, 32_767));
    }
  }

  @Test
  void samplesAreRoundedToTheNearestStepAndClipped() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] samples = {0.6f / 32_768, -0.6f / 32_768, 0.4f / 32_768, 7, -7};
    WavFile.write("standard output", out, new Waveform(samples, 8000));
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity()).isEqualTo(54);
    int[] steps = new int[5];
    for (int i = 0; i < 5; i++) {
      steps[i] = bytes.getShort(44 + 2 * i);
    }
    assertThat(steps).containsExactly(1, -1, 0, 32_767, -32_768);
  }

  @Test
  void aWaveformThatIsNotFiniteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("answer.wav"), "old");
    assertThatThrownBy(() -> WavFile.write(file, new Waveform(new float[] {0, Float.NaN}, 8000)))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            file
                + ": sample 1: expected a finite number, found NaN; nothing was written; repair the sound");
    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("answer.wav");
  }

  @Test
  void writingIntoAMissingFolderSaysSo() {
    Path file = folder.resolve("missing").resolve("answer.wav");
    assertThatThrownBy(() -> WavFile.write(file, new Waveform(new float[1], 8000)))
        .isInstanceOf(AudioException.class)
        .hasMessageStartingWith(file + ": cannot be written (")
        .hasMessageEndingWith("; check the folder, its permissions and the space left");
  }

  @Test
  void writingReplacesAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("answer.wav"), "old");
    WavFile.write(file, new Waveform(new float[] {0.25f}, 8000));
    assertThat(WavFile.read(file).samples()).containsExactly(0.25f);
    assertThat(folder.toFile().list()).containsExactly("answer.wav");
  }

  static float[] read(WavBytes wav) {
    return WavFile.read("test.wav", wav.stream()).samples();
  }

  private static Waveform readResource(String file) {
    try (InputStream in = WavFileTest.class.getResourceAsStream("/wav/" + file)) {
      return WavFile.read(file, in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] readByJdk(String file) throws Exception {
    byte[] bytes = WavFileTest.class.getResourceAsStream("/wav/" + file).readAllBytes();
    try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(bytes))) {
      return jdkSamples(in.readAllBytes(), in.getFormat().getEncoding());
    }
  }

  private static float[] jdkSamples(byte[] codes, AudioFormat.Encoding encoding)
      throws IOException {
    int bytes = encoding.equals(AudioFormat.Encoding.PCM_SIGNED) ? 2 : 1;
    AudioFormat from = new AudioFormat(encoding, 8000, 8 * bytes, 1, bytes, 8000, false);
    AudioFormat to = new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, 8000, 16, 1, 2, 8000, false);
    AudioInputStream in =
        new AudioInputStream(new ByteArrayInputStream(codes), from, codes.length / bytes);
    byte[] pcm = AudioSystem.getAudioInputStream(to, in).readAllBytes();
    float[] samples = new float[pcm.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).getShort(2 * i) / 32_768f;
    }
    return samples;
  }
}
