package dev.spectron.spokenlm;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;

/**
 * What the model predicts when fed the truth; the losses compare it with the input shifted by one.
 *
 * @param textLogits {@code [batch, text time − 1, vocabulary]}: at index i the scores of text token
 *     i + 1
 * @param textLengths valid predictions of each row
 * @param frames {@code [batch, steps, reduction_factor·n_mels]}: at index i the prediction of step
 *     i
 * @param stopLogits {@code [batch, steps, 1]}; the frames themselves where the model has no stop
 *     head
 */
public record TeacherForcedOutput(
    Tensor textLogits, Lengths textLengths, Tensor frames, Tensor stopLogits) {}
