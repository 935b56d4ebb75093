package dev.spectron.training;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.tensor.Shape;
import dev.spectron.lm.WordTokenizer;
import dev.spectron.spokenlm.SpokenLmBundle;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weights of a model for a vocabulary that need not be its own: a word that both have keeps its row
 * of the embedding and of the head, a new word starts afresh.
 */
final class WordTransfer implements WeightSource {
  private static final Set<String> TABLES = Set.of("lm.embedding.weight", "lm.head.weight");

  private final WeightSource stored;
  private final WeightSource fresh;
  private final List<String> words;
  private final Map<String, Integer> oldIds;

  private WordTransfer(
      WeightSource stored, WeightSource fresh, List<String> words, Map<String, Integer> oldIds) {
    this.stored = stored;
    this.fresh = fresh;
    this.words = words;
    this.oldIds = oldIds;
  }

  /**
   * The weights of a bundle.
   *
   * @param words vocabulary to have
   * @param fresh rows of new words
   */
  static WeightSource of(ModelBundle bundle, WordTokenizer.File words, WeightSource fresh) {
    WeightSource stored = SpokenLmBundle.weights(bundle);
    String json = new String(words.json(), StandardCharsets.UTF_8);
    if (json.equals(bundle.tokenizer())) {
      return stored;
    }
    List<String> old = WordTokenizer.tokens("tokenizer.json", bundle.tokenizer());
    Map<String, Integer> oldIds = new HashMap<>();
    for (int id = 0; id < old.size(); id++) {
      oldIds.put(old.get(id), id);
    }
    return new WordTransfer(
        stored, fresh, WordTokenizer.tokens("tokenizer.json", json), Map.copyOf(oldIds));
  }

  @Override
  public WeightData read(String path, Shape shape, Init init) {
    if (!TABLES.contains(path)) {
      return stored.read(path, shape, init);
    }
    int channels = shape.size(1);
    float[] rows = fresh.read(path, shape, init).toFloats();
    float[] oldRows = stored.read(path, Shape.of(oldIds.size(), channels), init).toFloats();
    for (int id = 0; id < words.size(); id++) {
      Integer oldId = oldIds.get(words.get(id));
      if (oldId != null) {
        System.arraycopy(oldRows, oldId * channels, rows, id * channels, channels);
      }
    }
    return WeightData.of(path, shape, rows);
  }
}
