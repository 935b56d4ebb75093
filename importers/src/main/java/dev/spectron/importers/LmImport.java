package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.BundleWriter;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.tensor.Shape;
import dev.spectron.lm.DecoderLm;
import dev.spectron.lm.LmConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the {@code lm} stage of a bundle of an open language model. Values are kept bit for bit;
 * rows for new tokens are added behind. Tensors go from file to file one at a time.
 */
public final class LmImport {
  private static final String STAGE = "lm";
  private static final Set<String> TABLES = Set.of("embedding.weight", "head.weight");

  private LmImport() {}

  /**
   * Imports a folder in the layout of Hugging Face transformers.
   *
   * @param source with {@code config.json}, safetensors and {@code tokenizer.json}; without a
   *     tokenizer only if no tokens are added
   * @param bundle where it appears; nothing may be there yet
   * @throws BundleException if a file is missing or malformed, the architecture is none that can be
   *     imported, or a tensor is missing, left over or of another shape
   */
  public static ImportReport write(Path source, Path bundle, ImportOptions options) {
    try (HubFolder folder = HubFolder.open(source)) {
      LmArchitecture architecture = LmArchitecture.of(folder.config());
      LmConfig config = architecture.config(folder.config());
      StageTensors.Found found =
          StageTensors.find(
              folder, shapes(config), architecture.names(), LmArchitecture::isNeedless);
      return write(
          new Part(folder.config(), config, found),
          TokenizerJson.read(folder.file("tokenizer.json"), options.addedTokens()),
          bundle,
          options);
    }
  }

  /** What was read of a checkpoint. */
  private record Part(HubConfig hub, LmConfig config, StageTensors.Found found) {}

  private static ImportReport write(
      Part part, Optional<TokenizerJson> tokenizer, Path bundle, ImportOptions options) {
    int rows = part.config.vocabulary();
    int needed = tokenizer.map(TokenizerJson::size).orElse(rows);
    Map<String, Integer> tokens = tokenizer.map(TokenizerJson::ids).orElse(Map.of());
    if (tokens.isEmpty() && needed > rows) {
      throw new BundleException(
          "tokenizer.json: expected at most vocab_size %d ids, found %d; tokenizer and weights do not fit each other"
              .formatted(rows, needed));
    }
    LmConfig config = part.config.withVocabulary(Math.max(rows, needed));
    ImportReport report =
        new ImportReport(
            LmArchitecture.of(part.hub).name().toLowerCase(Locale.ROOT),
            ParameterCount.of(weights -> DecoderLm.load(config, weights)),
            part.found.tensors().size(),
            part.found.needless(),
            tokens);
    try (BundleWriter writer = new BundleWriter(bundle, options.name())) {
      writer.config(STAGE, config);
      writer.card(PartCard.of(STAGE, options, report, part.hub.values()));
      tokenizer.ifPresent(file -> writer.tokenizer(file.text()));
      writer.weights(STAGE, Map.of(), stored(part.found.tensors(), config.vocabulary()));
      writer.commit();
    }
    return report;
  }

  private static List<StoredTensor> stored(Map<String, WeightData> tensors, int vocabulary) {
    List<StoredTensor> stored = new ArrayList<>();
    tensors.forEach(
        (path, data) ->
            stored.add(
                TABLES.contains(path)
                    ? TableRows.extended(data, vocabulary)
                    : TableRows.stored(data)));
    return stored;
  }

  private static Map<String, Shape> shapes(LmConfig config) {
    return ParameterCount.shapes(weights -> DecoderLm.load(config, weights));
  }
}
