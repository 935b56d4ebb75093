package dev.spectron.lm;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * Writes the {@code tokenizer.json} of a small model whose tokens are single characters: ids 0 to 4
 * are {@code <pad>}, {@code <sos>}, {@code <eos>}, {@code <answer>} and {@code <unk>}, the
 * characters follow in the given order.
 */
public final class CharacterTokenizer {
  /** The special tokens, in id order. */
  public static final List<String> SPECIAL =
      List.of("<pad>", "<sos>", "<eos>", "<answer>", "<unk>");

  private CharacterTokenizer() {}

  /** Number of ids of a tokenizer over {@code characters}. */
  public static int vocabulary(Collection<String> characters) {
    return SPECIAL.size() + characters.size();
  }

  /**
   * The file's contents.
   *
   * @param characters each one letter of {@code a-z}, an apostrophe or a space
   */
  public static byte[] json(Collection<String> characters) {
    StringBuilder added = new StringBuilder();
    StringBuilder vocabulary = new StringBuilder();
    int id = 0;
    for (String token : SPECIAL) {
      added.append(id == 0 ? "" : ",\n").append(ADDED.formatted(id, token));
      vocabulary.append(id == 0 ? "" : ", ").append("\"%s\": %d".formatted(token, id++));
    }
    for (String character : characters) {
      if (!character.matches("[a-z' ]")) {
        throw new IllegalArgumentException(
            "character tokenizer: expected one of a-z, ' and space, found " + character);
      }
      vocabulary.append(", \"%s\": %d".formatted(character, id++));
    }
    return FILE.formatted(added, vocabulary).getBytes(StandardCharsets.UTF_8);
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
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "[\\\\s\\\\S]"}, "behavior": "Isolated", "invert": false},
        "post_processor": null,
        "decoder": {"type": "Fuse"},
        "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "<unk>"}
      }
      """;
}
