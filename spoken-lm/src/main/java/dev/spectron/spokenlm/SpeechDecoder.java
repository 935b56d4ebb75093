package dev.spectron.spokenlm;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The speech part of the decoding pass: each step reads frames from the decoder's state and feeds
 * them back through the pre-net.
 */
final class SpeechDecoder {
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
   * @param onFrames takes frames as they are written, silence at the end left out; never none
   */
  Speech decode(
      Backend backend,
      Tensor first,
      KvCache cache,
      int maxFrames,
      RandomGenerator random,
      Consumer<LogMel> onFrames) {
    int reduction = model.config().nets().reductionFactor();
    int maxSteps = Math.ceilDiv(maxFrames, reduction);
    Written written = new Written(maxFrames, onFrames);
    int steps = 0;
    Step step = read(backend, first);
    while (true) {
      written.add(step.frames);
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
    return new Speech(
        written.finish(), step.stops ? Answer.Ending.STOP : Answer.Ending.FRAME_LIMIT);
  }

  /** Frames on their way out. */
  private final class Written {
    private final SilenceGate gate = new SilenceGate(spec);
    private final Consumer<LogMel> onFrames;
    private final List<LogMel> passed = new ArrayList<>();
    private int left;

    Written(int maxFrames, Consumer<LogMel> onFrames) {
      this.left = maxFrames;
      this.onFrames = onFrames;
    }

    void add(float[] normalised) {
      int count = Math.min(left, normalised.length / spec.nMels());
      left -= count;
      float[] frames = Arrays.copyOf(normalised, count * spec.nMels());
      pass(gate.push(LogMel.ofNormalised(frames, spec)));
    }

    private void pass(LogMel logMel) {
      if (logMel.time() > 0) {
        passed.add(logMel);
        onFrames.accept(logMel);
      }
    }

    /** All that passed. */
    LogMel finish() {
      pass(gate.finish());
      int time = passed.stream().mapToInt(LogMel::time).sum();
      float[] frames = new float[time * spec.nMels()];
      int at = 0;
      for (LogMel part : passed) {
        System.arraycopy(part.frames(), 0, frames, at, part.frames().length);
        at += part.frames().length;
      }
      return new LogMel(frames, spec);
    }
  }

  private record Step(float[] frames, boolean stops) {}

  private Step read(Backend backend, Tensor state) {
    float[] frames = backend.download(model.postNet().forward(backend, state));
    boolean stops =
        !model.stopHead().isEmpty()
            && backend.download(model.stopHead().getFirst().forward(backend, state))[0] > 0;
    return new Step(frames, stops);
  }
}
