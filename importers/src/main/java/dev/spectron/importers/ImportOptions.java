package dev.spectron.importers;

import java.util.List;
import java.util.Optional;

/**
 * What a checkpoint does not say of itself.
 *
 * @param name what the part is called
 * @param licence such as {@code Apache-2.0}; the one its maker gave the weights
 * @param source where they come from
 * @param addedTokens special tokens that the tokenizer gets, and the model rows for; those it has
 *     stay what they are
 */
public record ImportOptions(
    String name, Optional<String> licence, Optional<String> source, List<String> addedTokens) {
  /** The tokens of the decoding pass: start, between transcript and answer, end of text. */
  public static final List<String> SPECTRON_TOKENS = List.of("<sos>", "<eos>", "<answer>");

  /** Keeps what it is given. */
  public ImportOptions {
    addedTokens = List.copyOf(addedTokens);
  }

  /** A name, and Spectron's tokens. */
  public static ImportOptions named(String name) {
    return new ImportOptions(name, Optional.empty(), Optional.empty(), SPECTRON_TOKENS);
  }

  /** The same under a licence. */
  public ImportOptions licensed(String licence) {
    return new ImportOptions(name, Optional.of(licence), source, addedTokens);
  }

  /** The same with other tokens. */
  public ImportOptions withTokens(List<String> tokens) {
    return new ImportOptions(name, licence, source, tokens);
  }
}
