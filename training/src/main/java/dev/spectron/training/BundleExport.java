package dev.spectron.training;

import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.tensor.DType;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.spokenlm.SpokenLmBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a bundle, to answer with, from a checkpoint, to train with: optimiser state and the CTC
 * head stay behind.
 */
public final class BundleExport {
  private static final List<String> STAGES = List.of("conformer", "nets", "lm");

  private BundleExport() {}

  /**
   * Writes the bundle.
   *
   * @param run folder of a run, with its {@code tokenizer.json} and at least one checkpoint
   * @param bundle where it appears; nothing may be there yet
   * @param name what the model is called
   * @param dtype how matrices are stored; vectors stay {@link DType#F32}
   * @param card what is said about the model
   * @throws TrainingException if the run has no checkpoint
   */
  public static void write(
      Path run, Path bundle, String name, DType dtype, Map<String, Object> card) {
    Path latest =
        Checkpoint.latest(run)
            .orElseThrow(
                () ->
                    new TrainingException(
                        run + ": expected a checkpoint, found none; train first"));
    try (Checkpoint checkpoint = Checkpoint.open(latest)) {
      TrainingState state = checkpoint.state();
      Map<String, Object> whole = new LinkedHashMap<>(card);
      whole.put("training_steps", state.progress().total());
      SpokenLmBundle.write(
          bundle,
          name,
          state.config(),
          NamedConfigs.vocoder(state.recipe().config()),
          whole,
          tokenizer(run),
          tensors(checkpoint, dtype));
    }
  }

  private static Map<String, List<StoredTensor>> tensors(Checkpoint checkpoint, DType dtype) {
    Map<String, List<StoredTensor>> byStage = new LinkedHashMap<>();
    STAGES.forEach(stage -> byStage.put(stage, new ArrayList<>()));
    for (String path : checkpoint.parameterNames()) {
      int dot = path.indexOf('.');
      List<StoredTensor> tensors = byStage.get(path.substring(0, dot));
      if (tensors != null) {
        tensors.add(checkpoint.stored(path, path.substring(dot + 1), dtype));
      }
    }
    return byStage;
  }

  private static String tokenizer(Path run) {
    try {
      return Files.readString(run.resolve("tokenizer.json"));
    } catch (IOException e) {
      throw new TrainingException(run + ": tokenizer.json cannot be read: " + e.getMessage(), e);
    }
  }
}
