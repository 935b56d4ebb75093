package dev.spectron.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files were encoded by SoX 14.4.2 from the numbers of the formulas below. */
class FlacFileTest {
  @TempDir private Path folder;

  @Test
  void sixteenBitsAreReadExactly() throws IOException {
    Waveform read = FlacFile.read(fixture("mono.flac"));
    assertThat(read.sampleRate()).isEqualTo(16_000);
    assertThat(read.samples()).hasSize(3201);
    for (int t = 0; t < 3201; t++) {
      double expected = Math.rint(8000 * Math.sin(0.05 * t) + 3000 * Math.cos(0.3 * t)) / 32_768;
      assertThat(read.samples()[t]).isCloseTo((float) expected, within(1e-7f));
    }
  }

  @Test
  void channelsAreAveraged() throws IOException {
    Waveform read = FlacFile.read(fixture("stereo.flac"));
    assertThat(read.sampleRate()).isEqualTo(44_100);
    for (int t = 0; t < 3201; t++) {
      double left = Math.rint(2_000_000 * Math.sin(0.05 * t));
      double right = Math.rint(1_000_000 * Math.cos(0.3 * t));
      assertThat(read.samples()[t])
          .isCloseTo((float) ((left + right) / 2 / (1 << 23)), within(1e-6f));
    }
  }

  @Test
  void whatIsNoFlacFileIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.flac"), "RIFF, or so it says");
    assertThatThrownBy(() -> FlacFile.read(text))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            text
                + ": expected a FLAC file, found other bytes at its start; convert the file to WAV");
    Path missing = folder.resolve("missing.flac");
    assertThatThrownBy(() -> FlacFile.read(missing))
        .isInstanceOf(AudioException.class)
        .hasMessage(missing + ": no such file; check the path");
  }

  @Test
  @Timeout(20)
  void aFileCutShortEndsWithItsLastWholeFrameOrIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(fixture("mono.flac"));
    Path cut = folder.resolve("cut.flac");
    for (int length = 1; length < whole.length; length += 97) {
      Files.write(cut, Arrays.copyOf(whole, length));
      try {
        assertThat(FlacFile.read(cut).samples()).hasSizeLessThan(3201);
      } catch (AudioException expected) {
        assertThat(expected).hasMessageContaining("cut.flac: ");
      }
    }
  }

  @Test
  @Timeout(20)
  void damagedFilesEndAsSoundOrAsAnAudioException() throws IOException {
    byte[] whole = Files.readAllBytes(fixture("mono.flac"));
    SplittableRandom random = new SplittableRandom(1);
    Path damaged = folder.resolve("damaged.flac");
    for (int trial = 0; trial < 300; trial++) {
      byte[] bytes = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int i = random.nextInt(20); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(damaged, bytes);
      try {
        assertThat(FlacFile.read(damaged).samples()).isNotEmpty();
      } catch (AudioException expected) {
        assertThat(expected).hasMessageContaining("damaged.flac: ");
      }
    }
  }

  private Path fixture(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = FlacFileTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }
}
