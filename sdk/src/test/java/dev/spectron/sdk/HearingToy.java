package dev.spectron.sdk;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.DType;
import dev.spectron.lm.WordTokenizer;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.spokenlm.SpokenLanguageModel;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.SpokenLmConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The toy model with a configuration that says that it hears earlier turns. */
public final class HearingToy {
  private static final int WINDOW = 70;

  private HearingToy() {}

  /** Writes it to a new folder, which is returned. */
  public static Path write(Path bundle) {
    Map<String, List<StoredTensor>> stages = new LinkedHashMap<>();
    RandomWeights random = new RandomWeights(3);
    SpokenLmConfig toy = NamedConfigs.of("toy");
    SpokenLmConfig config = toy.withDecoding(toy.decoding().withContext(WINDOW));
    try (Backend backend = Backends.open("reference")) {
      SpokenLanguageModel.load(
          config,
          WeightScope.of(
              backend,
              (path, shape, init) -> {
                WeightData data = random.read(path, shape, init);
                int dot = path.indexOf('.');
                stages
                    .computeIfAbsent(path.substring(0, dot), _ -> new ArrayList<>())
                    .add(
                        new StoredTensor(
                            path.substring(dot + 1), DType.F32, shape, data::toFloats));
                return data;
              }));
    }
    SpokenLmBundle.write(
        bundle,
        "toy-that-hears",
        config,
        NamedConfigs.vocoder("toy"),
        Map.of("domain", "none"),
        new String(WordTokenizer.spelling(List.of("spectron")).json(), StandardCharsets.UTF_8),
        stages);
    return bundle;
  }
}
