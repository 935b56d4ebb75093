package dev.spectron.spokenlm;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.tensor.Shape;
import dev.spectron.lm.LmConfig;
import dev.spectron.lm.Tokenizer;
import dev.spectron.nets.NetsConfig;
import dev.spectron.vocoder.VocoderConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins a speech encoder and a language model that were trained apart to one model: projection,
 * pre-net, post-net and stop head start anew, so that its answers are noise until it is trained.
 * Weights go from file to file without being held in memory.
 */
public final class Assembly {
  private static final String PARTS = "parts";

  private Assembly() {}

  /**
   * Writes the model.
   *
   * @param encoder bundle with the stage {@code conformer} and {@code input_features}
   * @param lm bundle with the stage {@code lm} and a tokenizer
   * @param preset name of the configuration whose answer features, nets and limits are taken
   * @param seed of the nets
   * @param bundle where it appears; nothing may be there yet
   * @param name what the model is called
   * @return all sizes
   * @throws BundleException if a part lacks something or the model cannot be written
   */
  public static SpokenLmConfig write(
      Path encoder, Path lm, String preset, long seed, Path bundle, String name) {
    try (ModelBundle hearing = ModelBundle.open(encoder);
        ModelBundle writing = ModelBundle.open(lm)) {
      SpokenLmConfig config = config(hearing, writing, preset);
      String tokenizer = writing.tokenizer();
      requireTokens(tokenizer, config.decoding());
      Map<String, List<StoredTensor>> weights = new LinkedHashMap<>();
      weights.put("conformer", copied(hearing.tensors("conformer")));
      weights.put("nets", started(config, seed));
      weights.put("lm", copied(writing.tensors("lm")));
      VocoderConfig vocoder = NamedConfigs.vocoder(preset).with(VocoderConfig.Kind.GRIFFIN_LIM);
      SpokenLmBundle.write(
          bundle, name, config, vocoder, card(hearing, writing, preset, seed), tokenizer, weights);
      return config;
    }
  }

  private static SpokenLmConfig config(ModelBundle encoder, ModelBundle lm, String preset) {
    SpokenLmConfig named = NamedConfigs.of(preset);
    ConformerConfig conformer = encoder.config("conformer", ConformerConfig.class);
    LmConfig decoder = lm.config("lm", LmConfig.class);
    NetsConfig nets = named.nets().between(conformer.dModel(), decoder.dModel());
    DecodingConfig limits = named.decoding();
    int mostFrames = Math.multiplyExact(decoder.maxPositions() / 2, nets.reductionFactor());
    return new SpokenLmConfig(
        encoder.config("input_features", FeatureSpec.class),
        named.outputFeatures(),
        conformer,
        nets,
        decoder,
        new DecodingConfig(
            limits.answerToken(),
            limits.maxTextTokens(),
            Math.max(1, Math.min(limits.maxSpeechFrames(), mostFrames))));
  }

  private static void requireTokens(String json, DecodingConfig decoding) {
    try (Tokenizer tokenizer =
        Tokenizer.of("tokenizer.json", json.getBytes(StandardCharsets.UTF_8))) {
      tokenizer.id("<sos>");
      tokenizer.id("<eos>");
      if (decoding.answerToken()) {
        tokenizer.id("<answer>");
      }
    }
  }

  private static List<StoredTensor> copied(Safetensors tensors) {
    return tensors.names().stream().map(path -> StoredTensor.of(tensors.get(path))).toList();
  }

  /** The nets, which are small, with random weights. */
  private static List<StoredTensor> started(SpokenLmConfig config, long seed) {
    RandomWeights random = new RandomWeights(seed);
    List<StoredTensor> nets = new ArrayList<>();
    WeightScope recording =
        WeightScope.of(
            (path, shape, init) -> {
              if (path.startsWith("nets.")) {
                WeightData data = random.read(path.substring("nets.".length()), shape, init);
                nets.add(StoredTensor.of(data));
              }
              return new Recorded(path, shape);
            });
    SpokenLanguageModel.load(config, recording);
    return nets;
  }

  private record Recorded(String path, Shape shape) implements Weight {}

  private static Map<String, Object> card(
      ModelBundle encoder, ModelBundle lm, String preset, long seed) {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("conformer", part(encoder, "conformer"));
    parts.put("lm", part(lm, "lm"));
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("assembled", "of trained parts; the nets between them have learnt nothing yet");
    card.put("preset", preset);
    card.put("nets_seed", seed);
    card.put(PARTS, parts);
    return card;
  }

  private static Object part(ModelBundle bundle, String stage) {
    return bundle.card().get(PARTS) instanceof Map<?, ?> parts && parts.get(stage) != null
        ? parts.get(stage)
        : Map.of("name", bundle.name());
  }
}
