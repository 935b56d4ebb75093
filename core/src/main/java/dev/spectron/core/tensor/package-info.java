/**
 * Shapes, activations and lengths: what flows between operations. Tensors are contiguous, row-major
 * float32, time before channels: {@code [batch, time, channels]}. Read {@link
 * dev.spectron.core.tensor.Shape} first.
 */
package dev.spectron.core.tensor;
