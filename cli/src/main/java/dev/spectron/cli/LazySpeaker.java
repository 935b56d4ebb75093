package dev.spectron.cli;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.speaker.SpeakerEmbedder;
import dev.spectron.training.speaker.SpeakerModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A speaker encoder on a back end of its own, opened when a voice is to be known. */
final class LazySpeaker implements SpeakerEmbedder, AutoCloseable {
  private final String backend;
  private final Path folder;
  private final List<Backend> opened = new ArrayList<>(1);
  private final List<SpeakerModel> loaded = new ArrayList<>(1);

  /**
   * An encoder.
   *
   * @param backend name of the back end
   * @param folder where it lies; null for the embedded one
   */
  LazySpeaker(String backend, Path folder) {
    this.backend = backend;
    this.folder = folder;
  }

  @Override
  public float[] embed(Waveform speech) {
    if (loaded.isEmpty()) {
      opened.add(Backends.open(backend));
      loaded.add(
          folder == null
              ? SpeakerModel.mini(opened.getFirst())
              : SpeakerModel.open(opened.getFirst(), folder));
    }
    return loaded.getFirst().embed(speech);
  }

  @Override
  public void close() {
    opened.forEach(Backend::close);
  }
}
