package dev.spectron.importers;

import java.util.Map;
import java.util.Set;

/**
 * What an import did.
 *
 * @param architecture what the checkpoint is, such as {@code llama}
 * @param parameters of the stage that came of it
 * @param tensors of the checkpoint that it uses
 * @param needless those that it has no use for
 * @param tokens ids of special tokens, by token; empty for encoders
 */
public record ImportReport(
    String architecture,
    long parameters,
    int tensors,
    Set<String> needless,
    Map<String, Integer> tokens) {}
