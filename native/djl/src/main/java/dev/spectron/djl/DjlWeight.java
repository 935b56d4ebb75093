package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Shape;

/** A float32 parameter held by libtorch. */
record DjlWeight(String path, Shape shape, NDArray array) implements Weight {}
