package dev.spectron.spokenlm;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;

/**
 * One padded training batch.
 *
 * @param prompt question's log-mel spectrogram {@code [batch, time, n_mels]}, normalised
 * @param promptLengths valid frames of the prompt
 * @param text {@code <sos>}, transcript, {@code <answer>}, answer, {@code <eos>}
 * @param frames answer's frames {@code [batch, steps, reduction_factor·n_mels]}, normalised, at
 *     least two steps in the longest row
 * @param steps valid steps of the frames, at least 1 each
 */
public record TeacherForcedInput(
    Tensor prompt, Lengths promptLengths, Tokens text, Tensor frames, Lengths steps) {}
