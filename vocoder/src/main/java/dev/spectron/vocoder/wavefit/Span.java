package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Conv1dSpec;

/**
 * Positions in time that results are made from.
 *
 * @param first may be negative
 * @param last included
 */
record Span(int first, int last) {
  /** What a convolution reads for these outputs. */
  Span read(Conv1dSpec spec) {
    int start = -spec.padLeft();
    int end = start + (spec.kernelSize() - 1) * spec.dilation();
    return new Span(first * spec.stride() + start, last * spec.stride() + end);
  }

  /** At a rate {@code factor} times lower. */
  Span at(int factor) {
    return new Span(Math.floorDiv(first, factor), Math.floorDiv(last, factor));
  }

  /** The smallest that holds both. */
  Span with(Span other) {
    return new Span(Math.min(first, other.first), Math.max(last, other.last));
  }
}
