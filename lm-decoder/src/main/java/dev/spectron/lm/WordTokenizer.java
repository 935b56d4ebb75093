package dev.spectron.lm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes the {@code tokenizer.json} of a small model: every word of its domain is one token, any
 * other word is spelled in letters. Ids 0 to 4 are {@code <pad>}, {@code <sos>}, {@code <eos>},
 * {@code <answer>} and {@code <unk>}.
 */
public final class WordTokenizer {
  private static final List<String> SPECIAL =
      List.of("<pad>", "<sos>", "<eos>", "<answer>", "<unk>");
  private static final String SPACE = "\u2581";

  /** Log-probabilities: one word always beats its letters. */
  private static final int WORD_SCORE = -5;

  private static final int LETTER_SCORE = -20;

  private WordTokenizer() {}

  /**
   * The file's contents and its number of ids.
   *
   * @param json contents of {@code tokenizer.json}
   * @param vocabulary number of ids
   */
  public record File(byte[] json, int vocabulary) {}

  /**
   * A tokenizer for a domain.
   *
   * @param words each of {@code a-z} and apostrophes
   */
  public static File of(Collection<String> words) {
    List<String> entries = new ArrayList<>();
    SPECIAL.forEach(token -> entries.add(entry(token, 0)));
    entries.add(entry(SPACE, LETTER_SCORE));
    "'abcdefghijklmnopqrstuvwxyz"
        .chars()
        .forEach(letter -> entries.add(entry(Character.toString(letter), LETTER_SCORE)));
    SortedSet<String> sorted = new TreeSet<>(words);
    for (String word : sorted) {
      if (!word.matches("[a-z']{1,64}")) {
        throw new IllegalArgumentException(
            "word tokenizer: expected a word of a-z and ', found " + word);
      }
      entries.add(entry(SPACE + word, WORD_SCORE));
    }
    List<String> added = new ArrayList<>();
    for (int id = 0; id < SPECIAL.size(); id++) {
      added.add(ADDED.formatted(id, SPECIAL.get(id)));
    }
    String json = FILE.formatted(String.join(",\n", added), String.join(",\n", entries));
    return new File(json.getBytes(StandardCharsets.UTF_8), entries.size());
  }

  private static String entry(String token, int score) {
    return "    [\"%s\", %d]".formatted(token, score);
  }

  private static final String ADDED =
      """
          {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}\
      """;

  private static final String FILE =
      """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
      %s
        ],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
        "post_processor": null,
        "decoder": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
        "model": {"type": "Unigram", "unk_id": 4, "byte_fallback": false, "vocab": [
      %s
        ]}
      }
      """;
}
