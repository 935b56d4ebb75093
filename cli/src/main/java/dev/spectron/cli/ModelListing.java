package dev.spectron.cli;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.spokenlm.SpokenLanguageModel;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.SpokenLmConfig;
import dev.spectron.vocoder.VocoderConfig;
import dev.spectron.vocoder.Vocoders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a model is made of.
 *
 * @param name what it is called
 * @param parameters of all stages
 * @param bytes they take in files
 * @param stages those with weights
 * @param config sizes of the stages
 * @param card what its maker says about it
 */
record ModelListing(
    String name,
    long parameters,
    long bytes,
    List<Stage> stages,
    Map<String, Object> config,
    Map<String, Object> card) {
  private static final List<String> STAGES = List.of("conformer", "nets", "lm", "vocoder");

  /**
   * One stage.
   *
   * @param stage its name
   * @param parameters in all its tensors
   * @param bytes they take in its file
   * @param dtypes types that occur
   * @param tensors in the order of the file
   */
  record Stage(
      String stage, long parameters, long bytes, List<String> dtypes, List<StoredShape> tensors) {
    static Stage of(String name, List<StoredShape> tensors) {
      return new Stage(
          name,
          tensors.stream().mapToLong(StoredShape::elements).reduce(0, Math::addExact),
          tensors.stream().mapToLong(StoredShape::bytes).reduce(0, Math::addExact),
          tensors.stream().map(StoredShape::dtype).distinct().sorted().toList(),
          tensors);
    }
  }

  /**
   * One tensor.
   *
   * @param name its path in the stage
   * @param dtype how it is stored
   * @param shape sizes, outermost first
   */
  record StoredShape(String name, String dtype, List<Integer> shape, long elements, long bytes) {
    static StoredShape of(String name, DType dtype, Packing packing, Shape shape) {
      Enum<?> stored = packing == Packing.ROWS ? dtype : packing;
      return new StoredShape(
          name,
          stored.name().toLowerCase(Locale.ROOT),
          Arrays.stream(shape.toArray()).boxed().toList(),
          shape.elements(),
          packing.byteSize(dtype, shape));
    }
  }

  /** A model in files, or a part of one. */
  static ModelListing of(SpectronOptions.Model model) {
    if (model instanceof SpectronOptions.Model.Bundle bundle) {
      try (ModelBundle files = ModelBundle.open(bundle.folder())) {
        if (!files.hasWeights("nets")) {
          return ofPart(bundle.folder(), files);
        }
      }
    }
    try (SpokenLmBundle checked = ModelChoice.open(model);
        ModelBundle files = ModelChoice.files(model)) {
      List<Stage> stages =
          STAGES.stream()
              .filter(files::hasWeights)
              .map(stage -> Stage.of(stage, tensors(files.tensors(stage))))
              .toList();
      return of(checked.name(), stages, config(checked.config(), checked.vocoder()), files.card());
    }
  }

  private static ModelListing ofPart(Path folder, ModelBundle files) {
    List<Stage> stages =
        STAGES.stream()
            .filter(files::hasWeights)
            .map(stage -> Stage.of(stage, tensors(files.tensors(stage))))
            .toList();
    Map<String, Object> config = new LinkedHashMap<>(Json.read(folder.resolve("config.json")));
    config.keySet().retainAll(ModelBundle.SECTIONS);
    return of(files.name(), stages, config, files.card());
  }

  /** A size without weights; counted as 32-bit numbers. */
  static ModelListing ofSize(String configuration) {
    try (SpokenLmBundle sizes = SpokenLmBundle.random(configuration, 0)) {
      Map<String, List<StoredShape>> byStage = new LinkedHashMap<>();
      ParameterCount.shapes(
              weights -> {
                SpokenLanguageModel.load(sizes.config(), weights);
                Vocoders.load(
                    sizes.vocoder(), sizes.config().outputFeatures(), weights.in("vocoder"));
              })
          .forEach(
              (path, shape) -> {
                int dot = path.indexOf('.');
                byStage
                    .computeIfAbsent(path.substring(0, dot), _ -> new ArrayList<>())
                    .add(StoredShape.of(path.substring(dot + 1), DType.F32, Packing.ROWS, shape));
              });
      List<Stage> stages =
          byStage.entrySet().stream().map(e -> Stage.of(e.getKey(), e.getValue())).toList();
      return of(configuration, stages, config(sizes.config(), sizes.vocoder()), Map.of());
    }
  }

  private static ModelListing of(
      String name, List<Stage> stages, Map<String, Object> config, Map<String, Object> card) {
    long parameters = stages.stream().mapToLong(Stage::parameters).reduce(0, Math::addExact);
    long bytes = stages.stream().mapToLong(Stage::bytes).reduce(0, Math::addExact);
    return new ModelListing(name, parameters, bytes, stages, config, card);
  }

  private static List<StoredShape> tensors(Safetensors file) {
    List<StoredShape> tensors = new ArrayList<>();
    for (String name : file.names()) {
      WeightData data = file.get(name);
      tensors.add(StoredShape.of(name, data.dtype(), data.packing(), data.shape()));
    }
    return tensors;
  }

  /** As {@code config.json} has it. */
  private static Map<String, Object> config(SpokenLmConfig config, VocoderConfig vocoder) {
    Map<String, Object> sections =
        new LinkedHashMap<>(Json.parse("config.json", Json.line(config)));
    sections.put("vocoder", vocoder);
    return sections;
  }
}
