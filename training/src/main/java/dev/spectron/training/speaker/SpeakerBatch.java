package dev.spectron.training.speaker;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;

/**
 * Crops of several speakers, those of one speaker beside each other.
 *
 * @param frames padded, row-major
 * @param shape {@code [speakers · crops, time, n_mels]}
 * @param lengths valid frames
 * @param unclear {@code [speakers · speakers]}: whether two speakers of the batch might be one, so
 *     that neither is to be pushed away from the other; never on the diagonal
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record SpeakerBatch(float[] frames, Shape shape, Lengths lengths, boolean[] unclear) {}
