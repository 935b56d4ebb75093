package dev.spectron.training.quantise;

import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Shape;

/**
 * What became of a tensor.
 *
 * @param path with its stage in front
 * @param shape sizes
 * @param before how it was stored, such as {@code BF16}
 * @param packing how it is now; {@link Packing#ROWS} where it was left as it is
 * @param bytes stored now
 * @param error root mean square of the differences over that of the weights; 0 where nothing
 *     changed
 */
public record PackedTensor(
    String path, Shape shape, String before, Packing packing, long bytes, double error) {}
