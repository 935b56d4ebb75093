package dev.spectron.training.dataset;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;
import java.util.Locale;

/** Sound of either kind that sets come in. */
final class SoundFile {
  private SoundFile() {}

  /**
   * Reads a WAV file, or a FLAC file if its name ends in {@code .flac}.
   *
   * @throws AudioException if it cannot be read or is malformed
   */
  static Waveform read(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".flac") ? FlacFile.read(path) : WavFile.read(path);
  }
}
