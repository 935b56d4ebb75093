package dev.spectron.importers;

import java.util.List;

/**
 * What a checkpoint does not say of itself.
 *
 * @param name what the part is called
 * @param licence such as {@code Apache-2.0}, the one its maker gave the weights; empty if unknown
 * @param source where they come from; empty if unknown
 * @param addedTokens special tokens that the tokenizer gets, and the model rows for; those it has
 *     stay what they are
 */
public record ImportOptions(String name, String licence, String source, List<String> addedTokens) {
  /** The tokens of the decoding pass: start, between transcript and answer, end of text. */
  public static final List<String> SPECTRON_TOKENS = List.of("<sos>", "<eos>", "<answer>");

  /** Keeps what it is given. */
  public ImportOptions {
    addedTokens = List.copyOf(addedTokens);
  }

  /** A name, and Spectron's tokens. */
  public static ImportOptions named(String name) {
    return new ImportOptions(name, "", "", SPECTRON_TOKENS);
  }

  /** The same under a licence. */
  public ImportOptions licensed(String other) {
    return new ImportOptions(name, other, source, addedTokens);
  }

  /** The same with other tokens. */
  public ImportOptions withTokens(List<String> tokens) {
    return new ImportOptions(name, licence, source, tokens);
  }
}
