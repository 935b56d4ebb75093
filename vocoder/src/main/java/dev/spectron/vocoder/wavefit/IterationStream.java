package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.signal.FrameBuffer;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;

/**
 * One iteration of the fixed-point map over one utterance, as far as its waveform is known. What
 * the generator and the gain need of the past is held and nothing else.
 */
final class IterationStream {
  private static final int STEP = GainAdjustment.STEP;
  private static final int PAST = GainAdjustment.LENGTH - STEP;

  private final Backend backend;
  private final Generator generator;
  private final WaveFitConfig config;
  private final int iteration;
  private final Span reach;
  private final FrameBuffer wave;
  private final FrameBuffer frames;
  private final FrameBuffer power;
  private final FrameBuffer denoised;
  private int done;

  IterationStream(Backend backend, Generator generator, WaveFitConfig config, int iteration) {
    this.backend = backend;
    this.generator = generator;
    this.config = config;
    this.iteration = iteration;
    int hop = config.features().hopLength();
    this.reach = generator.reach(hop);
    this.wave = new FrameBuffer(hop);
    this.frames = new FrameBuffer(config.features().nMels());
    this.power = new FrameBuffer(1);
    this.denoised = new FrameBuffer(hop);
  }

  /**
   * The stretch that follows, with the waveform after this iteration.
   *
   * @param before the stretch that follows, with the waveform before it
   * @param isLast whether none follows
   */
  Stretch push(Stretch before, boolean isLast) {
    wave.append(before.wave());
    frames.append(before.frames());
    power.append(before.power());
    denoise(isLast);
    Stretch after = adjust(isLast);
    wave.forget(denoised.end() + reach.first());
    frames.forget(Math.min(done, denoised.end() + reach.first()));
    power.forget(done - PAST);
    denoised.forget(done - PAST);
    return after;
  }

  /** Frames held in all buffers. */
  int heldFrames() {
    return wave.size() + frames.size() + power.size() + denoised.size();
  }

  /** z = y − F(y, c, t), in whole steps. */
  private void denoise(boolean isLast) {
    int known = wave.end();
    int from = denoised.end();
    int to = isLast ? known : Math.floorDiv(known - reach.last(), STEP) * STEP;
    if (to <= from) {
      return;
    }
    int first = Math.max(0, from + reach.first());
    int end = Math.min(known, to + reach.last());
    try (Scope _ = backend.openScope()) {
      Tensor y = upload(wave, first, end);
      Tensor c =
          backend.upload(
              frames.slice(first, end), Shape.of(1, end - first, config.features().nMels()));
      Tensor z = backend.add(y, generator.forward(backend, y, c, iteration), -1);
      denoised.append(downloaded(z, from - first, to - first));
    }
  }

  /** The gain, up to where the next segment has begun to matter. */
  private Stretch adjust(boolean isLast) {
    int known = denoised.end();
    int from = done;
    int to = isLast ? known : known - STEP;
    if (to <= from) {
      return Stretch.none();
    }
    int first = Math.max(0, from - PAST);
    try (Scope _ = backend.openScope()) {
      Tensor z = upload(denoised, first, known);
      Tensor y = GainAdjustment.apply(backend, z, power.slice(first, known));
      done = to;
      return new Stretch(
          downloaded(y, from - first, to - first), frames.slice(from, to), power.slice(from, to));
    }
  }

  private Tensor upload(FrameBuffer samples, int first, int end) {
    return backend.upload(
        samples.slice(first, end), Shape.of(1, (end - first) * config.features().hopLength(), 1));
  }

  private float[] downloaded(Tensor x, int from, int to) {
    int hop = config.features().hopLength();
    return Arrays.copyOfRange(backend.download(x), from * hop, to * hop);
  }
}
