package dev.spectron.training.quantise;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Packing;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.vocoder.VocoderConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a model again with its matrices packed. */
public final class Quantiser {
  private static final List<String> STAGES = List.of("conformer", "nets", "lm", "vocoder");

  private final PackingPolicy policy;

  /** One that packs as {@code policy} says. */
  public Quantiser(PackingPolicy policy) {
    this.policy = policy;
  }

  /** Told before a tensor is packed. */
  @FunctionalInterface
  public interface Progress {
    /** At tensor {@code index}, from 0, of {@code count}. */
    void at(int index, int count, String path);
  }

  /**
   * Writes the bundle.
   *
   * @param model what is packed; it stays open
   * @param folder where the result appears; nothing may be there yet
   * @throws BundleException if the model has packed weights already or the bundle cannot be written
   */
  public void write(ModelBundle model, Path folder, Progress progress) {
    int count = STAGES.stream().filter(model::hasWeights).mapToInt(s -> size(model, s)).sum();
    int[] next = {0};
    Map<String, List<StoredTensor>> weights = new LinkedHashMap<>();
    for (String stage : STAGES) {
      if (model.hasWeights(stage)) {
        Safetensors tensors = model.tensors(stage);
        List<StoredTensor> stored = new ArrayList<>();
        for (String name : tensors.names()) {
          String path = stage + "." + name;
          StoredTensor tensor = packed(path, tensors.get(name));
          stored.add(
              new StoredTensor(
                  name,
                  tensor.dtype(),
                  tensor.packing(),
                  tensor.shape(),
                  () -> {
                    progress.at(next[0]++, count, path);
                    return tensor.parts().get();
                  }));
        }
        weights.put(stage, stored);
      }
    }
    Map<String, Object> card = new LinkedHashMap<>(model.card());
    card.put("packing", policy.name());
    SpokenLmBundle.write(
        folder,
        model.name(),
        SpokenLmBundle.config(model),
        model.config("vocoder", VocoderConfig.class),
        card,
        model.tokenizer(),
        weights);
  }

  private static int size(ModelBundle model, String stage) {
    return model.tensors(stage).names().size();
  }

  private StoredTensor packed(String path, WeightData data) {
    if (data.packing() != Packing.ROWS) {
      throw new BundleException(
          "%s: expected a model that is not packed yet, found %s; start from the original"
              .formatted(path, data.packing()));
    }
    Packing packing = policy.of(path, data.shape());
    return packing == Packing.ROWS ? StoredTensor.of(data) : StoredTensor.packed(data, packing);
  }

  /**
   * What became of each tensor.
   *
   * @param before the original
   * @param after what {@link #write} made of it
   */
  public static List<PackedTensor> compare(ModelBundle before, ModelBundle after) {
    List<PackedTensor> tensors = new ArrayList<>();
    for (String stage : STAGES) {
      if (before.hasWeights(stage)) {
        for (String name : before.tensors(stage).names()) {
          WeightData original = before.tensors(stage).get(name);
          WeightData packed = after.tensors(stage).get(name);
          tensors.add(
              new PackedTensor(
                  stage + "." + name,
                  original.shape(),
                  original.dtype().name(),
                  packed.packing(),
                  packed.data().byteSize(),
                  packed.packing() == Packing.ROWS ? 0 : error(original, packed)));
        }
      }
    }
    return List.copyOf(tensors);
  }

  private static double error(WeightData original, WeightData packed) {
    float[] a = original.toFloats();
    float[] b = packed.toFloats();
    double power = 0;
    double difference = 0;
    for (int i = 0; i < a.length; i++) {
      power += (double) a[i] * a[i];
      difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return power == 0 ? 0 : Math.sqrt(difference / power);
  }
}
