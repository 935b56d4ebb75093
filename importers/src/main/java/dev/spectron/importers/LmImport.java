package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.BundleWriter;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.tensor.Shape;
import dev.spectron.lm.DecoderLm;
import dev.spectron.lm.LmConfig;
import java.nio.file.Files;
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
  private static final String TOKENIZER = "tokenizer.json";
  private static final String HEAD = "lm_head.weight";
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final Set<String> TABLES = Set.of("embedding.weight", "head.weight");

  private LmImport() {}

  /**
   * Imports a folder in the layout of Hugging Face transformers, or a GGUF file.
   *
   * @param source folder with {@code config.json}, safetensors and {@code tokenizer.json}, or a
   *     GGUF file with the latter beside it; without a tokenizer only if no tokens are added
   * @param bundle where it appears; nothing may be there yet
   * @throws BundleException if a file is missing or malformed, the architecture is none that can be
   *     imported, or a tensor is missing, left over or of another shape
   */
  public static ImportReport write(Path source, Path bundle, ImportOptions options) {
    if (Files.isRegularFile(source)) {
      return writeGguf(source, bundle, options);
    }
    try (HubFolder folder = HubFolder.open(source)) {
      LmArchitecture architecture = LmArchitecture.of(folder.config());
      LmConfig config = architecture.config(folder.config());
      requireTied(folder, config);
      StageTensors.Found found =
          StageTensors.find(
              folder,
              shapes(config),
              architecture.names(),
              name -> LmArchitecture.isNeedless(name) || (config.tiedHead() && name.equals(HEAD)));
      return write(
          new Part(folder.config(), architecture, config, found),
          TokenizerJson.read(folder.file(TOKENIZER), options.addedTokens()),
          bundle,
          options);
    }
  }

  private static ImportReport writeGguf(Path source, Path bundle, ImportOptions options) {
    try (GgufFile file = GgufFile.open(source)) {
      GgufModel model = GgufModel.of(file);
      LmConfig config = model.config();
      StageTensors.Found found =
          StageTensors.find(file, shapes(config), model.names(config), GgufModel::isNeedless);
      return write(
          new Part(model.hub(), model.architecture(), config, found),
          TokenizerJson.read(source.resolveSibling(TOKENIZER), options.addedTokens()),
          bundle,
          options);
    }
  }

  /** A tied head that is stored all the same must be the embedding. */
  private static void requireTied(HubFolder folder, LmConfig config) {
    if (config.tiedHead() && folder.names().containsAll(Set.of(HEAD, EMBEDDING))) {
      WeightData head = folder.get(HEAD);
      WeightData embedding = folder.get(EMBEDDING);
      if (!head.shape().equals(embedding.shape())
          || head.dtype() != embedding.dtype()
          || head.data().mismatch(embedding.data()) >= 0) {
        throw new BundleException(
            "%s: %s: expected the values of %s, as tie_word_embeddings is true, found others; set it to false in config.json if the head is its own"
                .formatted(folder.where(), HEAD, EMBEDDING));
      }
    }
  }

  /** What was read of a checkpoint. */
  private record Part(
      HubConfig hub, LmArchitecture architecture, LmConfig config, StageTensors.Found found) {}

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
            part.architecture.name().toLowerCase(Locale.ROOT),
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

  private static List<StoredTensor> stored(
      Map<String, StageTensors.Tensor> tensors, int vocabulary) {
    List<StoredTensor> stored = new ArrayList<>();
    tensors.forEach(
        (path, data) ->
            stored.add(
                TABLES.contains(path) ? TableRows.extended(data, vocabulary) : data.stored()));
    return stored;
  }

  private static Map<String, Shape> shapes(LmConfig config) {
    return ParameterCount.shapes(weights -> DecoderLm.load(config, weights));
  }
}
