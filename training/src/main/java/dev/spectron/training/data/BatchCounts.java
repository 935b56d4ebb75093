package dev.spectron.training.data;

import dev.spectron.core.tensor.Lengths;

/**
 * What losses are divided by: the size of a batch over all ranks, so that the losses of the ranks,
 * each of its own rows, add up to the mean over the batch.
 *
 * @param letters of the transcripts
 * @param transcriptTokens of the transcripts
 * @param textTargets tokens of the decoding pass that are predicted
 * @param steps valid steps of every row
 */
public record BatchCounts(long letters, long transcriptTokens, long textTargets, Lengths steps) {}
