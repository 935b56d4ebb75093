package dev.spectron.training.vocoder;

import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.tensor.DType;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.SpokenLmConfig;
import dev.spectron.training.run.Checkpoint;
import dev.spectron.vocoder.VocoderConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives a model a trained vocoder: a new bundle with the same stages and another voice. */
public final class VocoderExport {
  private static final List<String> STAGES = List.of("conformer", "nets", "lm");

  private VocoderExport() {}

  /**
   * Writes the bundle.
   *
   * @param run folder of a vocoder's run
   * @param model bundle whose other stages are copied as they are
   * @param bundle where it appears; nothing may be there yet
   * @param dtype how the vocoder's matrices are stored; vectors stay {@link DType#F32}
   * @throws TrainingException if the run has no checkpoint, or its features are not those the model
   *     answers with
   */
  public static void write(Path run, Path model, Path bundle, DType dtype) {
    try (Checkpoint checkpoint = Checkpoint.open(Checkpoint.requireLatest(run));
        ModelBundle opened = ModelBundle.open(model)) {
      VocoderState state = checkpoint.state(VocoderState.class);
      SpokenLmConfig config = SpokenLmBundle.config(opened);
      requireFeatures(run, plain(config.outputFeatures()), plain(state.wavefit().features()));
      VocoderConfig before = opened.config("vocoder", VocoderConfig.class);
      Map<String, List<StoredTensor>> weights = new LinkedHashMap<>();
      STAGES.forEach(stage -> weights.put(stage, copied(opened.tensors(stage))));
      weights.put(VocoderTrainer.VOCODER, trained(checkpoint, dtype));
      SpokenLmBundle.write(
          bundle,
          opened.name(),
          config,
          new VocoderConfig(VocoderConfig.Kind.WAVEFIT, before.griffinLim(), state.wavefit()),
          card(opened, state),
          opened.tokenizer(),
          weights);
    }
  }

  private static void requireFeatures(Path run, FeatureSpec expected, FeatureSpec found) {
    if (!found.equals(expected)) {
      throw new TrainingException(
          "%s: expected a vocoder of the model's output features %s, found %s; train one on those"
              .formatted(run, expected, found));
    }
  }

  private static FeatureSpec plain(FeatureSpec spec) {
    return spec.with(Normalisation.none());
  }

  private static Map<String, Object> card(ModelBundle model, VocoderState state) {
    Map<String, Object> card = new LinkedHashMap<>(model.card());
    card.put("vocoder_training_steps", state.steps());
    return card;
  }

  private static List<StoredTensor> copied(Safetensors stage) {
    return stage.names().stream().map(name -> StoredTensor.of(stage.get(name))).toList();
  }

  private static List<StoredTensor> trained(Checkpoint checkpoint, DType dtype) {
    String prefix = VocoderTrainer.VOCODER + ".";
    List<StoredTensor> tensors = new ArrayList<>();
    for (String path : checkpoint.parameterNames()) {
      if (path.startsWith(prefix)) {
        DType stored = checkpoint.shape(path).rank() > 1 ? dtype : DType.F32;
        tensors.add(
            new StoredTensor(
                path.substring(prefix.length()),
                stored,
                checkpoint.shape(path),
                () -> checkpoint.values(path)));
      }
    }
    return tensors;
  }
}
