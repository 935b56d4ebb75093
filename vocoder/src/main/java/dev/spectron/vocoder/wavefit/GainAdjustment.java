package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gives a waveform the power that its log-mel asks for. Every {@link #STEP} frames a segment of
 * {@link #LENGTH} frames ends; with Pⱼ the mean power due in segment j, and h raised cosines over
 * the last two steps of their segments, which add up to 1,
 *
 * <pre>
 * y = z ⊙ Σⱼ hⱼ·sqrt(Pⱼ / (meanⱼ z² + 10⁻⁸))
 * </pre>
 *
 * Frames before the first and after the last count as silence in both means, which cancels.
 *
 * <p>Source: Koizumi et al. 2022, arXiv 2210.01029, with three deviations. The means are over 48
 * frames, 0.6 s at a hop of 12.5 ms, and not over the utterance: else no sample would be final
 * before the last frame is known; a segment lies mostly in the past, so that little of the future
 * is waited for. The root: without it, as the paper prints the ratio, the power would not become P.
 * And the power is that of the samples, not of an STFT of them, which is the same up to a factor,
 * the ends and two bins (Parseval), costs one pass, and has a gradient: a gain that counted as a
 * constant would let z grow or fade unnoticed.
 */
final class GainAdjustment {
  /** Frames between the ends of segments; the gain of a frame needs less than two steps more. */
  static final int STEP = 8;

  /** Frames of a segment, a multiple of {@link #STEP}. */
  static final int LENGTH = 48;

  private static final float EPSILON = 1e-8f;

  private GainAdjustment() {}

  /**
   * Applies the gain.
   *
   * @param z {@code [batch, time · hopLength, 1]}; the first frame's index in the utterance is a
   *     multiple of {@link #STEP}
   * @param power mean power due in each frame, row-major {@code [batch, time]}
   * @return the shape of {@code z}, in the current scope
   */
  static Tensor apply(Backend backend, Tensor z, float[] power) {
    int batch = z.shape().size(0);
    int time = power.length / batch;
    int hop = z.shape().size(1) / time;
    try (Scope scope = backend.openScope()) {
      Tensor frames = backend.reshape(z, Shape.of(batch, time, hop));
      List<Tensor> parts = new ArrayList<>();
      // Segments a whole length apart lie side by side: one normalisation for all of them.
      for (int before = 0; before < LENGTH; before += STEP) {
        parts.add(adjusted(backend, frames, power, before));
      }
      Tensor sum = parts.stream().reduce(backend::add).orElseThrow();
      return scope.keep(backend.reshape(sum, z.shape()));
    }
  }

  /** The share of the segments of which the first begins {@code before} frames too early. */
  private static Tensor adjusted(Backend backend, Tensor frames, float[] power, int before) {
    int batch = frames.shape().size(0);
    int time = frames.shape().size(1);
    int hop = frames.shape().size(2);
    int segments = Math.ceilDiv(before + time, LENGTH);
    Shape rows = Shape.of(batch, segments, LENGTH * hop);
    try (Scope scope = backend.openScope()) {
      Tensor padded = padded(backend, frames, before, segments * LENGTH - before - time);
      Tensor unit = backend.rmsNorm(backend.reshape(padded, rows), Weight.none(), EPSILON);
      float[] gain = gain(roots(power, batch, before, segments), hop);
      Tensor loud = backend.multiply(unit, backend.upload(gain, rows));
      Tensor joined = backend.reshape(loud, Shape.of(batch, segments * LENGTH, hop));
      int[] starts = new int[batch];
      Arrays.fill(starts, before);
      return scope.keep(backend.sliceTime(joined, starts, Lengths.full(batch, time)));
    }
  }

  private static Tensor padded(Backend backend, Tensor frames, int before, int after) {
    List<Tensor> parts = new ArrayList<>();
    if (before > 0) {
      parts.add(silence(backend, frames.shape().with(1, before)));
    }
    parts.add(frames);
    if (after > 0) {
      parts.add(silence(backend, frames.shape().with(1, after)));
    }
    return backend.concatTime(parts, parts.stream().map(Lengths::full).toList());
  }

  private static Tensor silence(Backend backend, Shape shape) {
    return backend.upload(new float[shape.arrayLength()], shape);
  }

  /** sqrt(Pⱼ), row-major {@code [batch, segments]}. */
  private static float[] roots(float[] power, int batch, int before, int segments) {
    int time = power.length / batch;
    float[] roots = new float[batch * segments];
    for (int i = 0; i < roots.length; i++) {
      int first = i % segments * LENGTH - before;
      int row = i / segments * time;
      double sum = 0;
      for (int t = Math.max(0, first); t < Math.min(time, first + LENGTH); t++) {
        sum += power[row + t];
      }
      roots[i] = (float) Math.sqrt(sum / LENGTH);
    }
    return roots;
  }

  /** hⱼ·sqrt(Pⱼ), row-major {@code [batch, segments, LENGTH · hopLength]}. */
  private static float[] gain(float[] roots, int hop) {
    int length = LENGTH * hop;
    int fade = 2 * STEP * hop;
    float[] gain = new float[Math.multiplyExact(roots.length, length)];
    for (int i = 0; i < fade; i++) {
      double root = Math.sin(Math.PI * (i + 0.5) / fade);
      float share = (float) (root * root);
      for (int j = 0; j < roots.length; j++) {
        gain[(j + 1) * length - fade + i] = share * roots[j];
      }
    }
    return gain;
  }
}
