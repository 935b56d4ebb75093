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
    return name(path).endsWith(".flac") ? FlacFile.read(path) : WavFile.read(path);
  }

  /** Whether a file's name ends in {@code .wav} or {@code .flac}. */
  static boolean isNamedAsOne(Path path) {
    return name(path).endsWith(".flac") || name(path).endsWith(".wav");
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
  }
}
