package dev.spectron.spokenlm;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The speech part of the decoding pass: each step reads frames from the decoder's state and feeds
 * them back through the pre-net.
 */
final class SpeechDecoder {
  /** Mean log-mel of a silent frame, nats above the floor at most. */
  private static final float SILENCE = 0.5f;

  /** Silence kept at the end, seconds. */
  private static final double KEPT_SILENCE = 0.1;

  private final SpokenLanguageModel model;
  private final FeatureSpec spec;
  private final Shape stepShape;

  SpeechDecoder(SpokenLanguageModel model) {
    this.model = model;
    this.spec = model.config().outputFeatures();
    this.stepShape = Shape.of(1, 1, model.config().nets().stepChannels());
  }

  record Speech(LogMel logMel, Answer.Ending ending) {}

  /**
   * Decodes until the stop probability exceeds one half or {@code maxFrames} are written.
   *
   * @param first {@code [1, 1, d_model]}, state after {@code <eos>}
   */
  Speech decode(
      Backend backend, Tensor first, KvCache cache, int maxFrames, RandomGenerator random) {
    int reduction = model.config().nets().reductionFactor();
    int maxSteps = Math.ceilDiv(maxFrames, reduction);
    float[] frames = new float[Math.multiplyExact(maxSteps, stepShape.arrayLength())];
    int steps = 0;
    Step step = read(backend, first);
    while (true) {
      System.arraycopy(step.frames, 0, frames, steps * step.frames.length, step.frames.length);
      steps++;
      if (step.stops || steps == maxSteps) {
        break;
      }
      try (Scope _ = backend.openScope()) {
        Tensor input =
            model.preNet().forward(backend, backend.upload(step.frames, stepShape), random);
        step = read(backend, model.lm().step(backend, input, cache));
      }
    }
    int written = Math.min(maxFrames, steps * reduction);
    LogMel logMel = LogMel.ofNormalised(Arrays.copyOf(frames, written * spec.nMels()), spec);
    return new Speech(trim(logMel), step.stops ? Answer.Ending.STOP : Answer.Ending.FRAME_LIMIT);
  }

  private record Step(float[] frames, boolean stops) {}

  private Step read(Backend backend, Tensor state) {
    float[] frames = backend.download(model.postNet().forward(backend, state));
    boolean stops =
        !model.stopHead().isEmpty()
            && backend.download(model.stopHead().getFirst().forward(backend, state))[0] > 0;
    return new Step(frames, stops);
  }

  /** Cuts silence at the end down to {@link #KEPT_SILENCE}. */
  private LogMel trim(LogMel logMel) {
    int end = logMel.time();
    while (end > 0 && isSilent(logMel, end - 1)) {
      end--;
    }
    int kept = Math.min(logMel.time(), end + (int) (KEPT_SILENCE * spec.frameRate()));
    return logMel.slice(0, Math.max(1, kept));
  }

  private boolean isSilent(LogMel logMel, int frame) {
    double sum = 0;
    for (int bin = 0; bin < spec.nMels(); bin++) {
      sum += logMel.frames()[frame * spec.nMels() + bin];
    }
    return sum / spec.nMels() < Math.log(spec.floor()) + SILENCE;
  }
}
