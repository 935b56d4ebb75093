package dev.spectron.conformer;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;

/**
 * What an encoder makes of speech.
 *
 * @param states {@code [batch, time, d_model]}
 * @param lengths valid states of each row
 */
public record EncoderStates(Tensor states, Lengths lengths) {}
