package dev.spectron.training.speaker;

import dev.spectron.core.bundle.BundleWriter;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.tensor.DType;
import dev.spectron.training.run.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes a folder of a trained speaker encoder that {@link SpeakerModel#open} reads. */
public final class SpeakerExport {
  private SpeakerExport() {}

  /**
   * Writes the folder.
   *
   * @param run folder of a speaker encoder's run
   * @param folder where it appears; nothing may be there yet
   * @throws dev.spectron.core.error.TrainingException if the run has no checkpoint
   * @throws dev.spectron.core.error.BundleException if the folder exists or cannot be written
   */
  public static void write(Path run, Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(Checkpoint.requireLatest(run));
        BundleWriter writer = new BundleWriter(folder, "speaker-encoder")) {
      SpeakerState state = checkpoint.state(SpeakerState.class);
      List<StoredTensor> tensors =
          checkpoint.parameterNames().stream()
              .map(
                  path ->
                      new StoredTensor(
                          path, DType.F32, checkpoint.shape(path), () -> checkpoint.values(path)))
              .toList();
      writer.config(SpeakerModel.STAGE, state.recipe().encoder());
      writer.card(Map.of("training_steps", state.steps()));
      writer.weights(SpeakerModel.STAGE, Map.of(), tensors);
      writer.commit();
    }
  }
}
