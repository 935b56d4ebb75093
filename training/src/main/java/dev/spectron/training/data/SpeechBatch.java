package dev.spectron.training.data;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tokens;

/**
 * One padded batch on the host.
 *
 * @param prompt normalised questions, row-major
 * @param promptShape {@code [batch, time, n_mels]}
 * @param promptLengths valid frames
 * @param transcripts letters of the transcripts, for CTC
 * @param transcriptTokens tokens of the transcripts, for CTC on the prefix
 * @param text tokens of the decoding pass
 * @param frames normalised answers, row-major
 * @param framesShape {@code [batch, steps, reduction_factor·n_mels]}
 * @param steps valid steps
 * @param whole sizes of the batch over all ranks
 */
public record SpeechBatch(
    float[] prompt,
    Shape promptShape,
    Lengths promptLengths,
    Tokens transcripts,
    Tokens transcriptTokens,
    Tokens text,
    float[] frames,
    Shape framesShape,
    Lengths steps,
    BatchCounts whole) {}
