package dev.spectron.spokenlm;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import java.util.Arrays;

/**
 * Cuts the silence at the end of an answer down to {@link #KEPT_SILENCE}, although its frames come
 * bit by bit: more silence than that is held back until it is known whether speech follows.
 */
final class SilenceGate {
  /** Mean log-mel value above the floor, in nats, below which a frame counts as silent. */
  private static final float SILENCE = 0.5f;

  /** Seconds. */
  private static final double KEPT_SILENCE = 0.1;

  private final FeatureSpec spec;
  private final int kept;

  /** Silent frames not yet passed on. */
  private float[] held = new float[0];

  /** Silent frames passed on since the last that was not. */
  private int passedSilent;

  private boolean passedAny;

  SilenceGate(FeatureSpec spec) {
    this.spec = spec;
    this.kept = (int) (KEPT_SILENCE * spec.frameRate());
  }

  /** What may be passed on now. */
  LogMel push(LogMel logMel) {
    float[] passed = new float[0];
    for (int t = 0; t < logMel.time(); t++) {
      LogMel frame = logMel.slice(t, t + 1);
      if (!isSilent(frame)) {
        passed = joined(joined(passed, held), frame.frames());
        held = new float[0];
        passedSilent = 0;
      } else if (passedSilent < kept) {
        passed = joined(passed, frame.frames());
        passedSilent++;
      } else {
        held = joined(held, frame.frames());
      }
    }
    passedAny |= passed.length > 0;
    return new LogMel(passed, spec);
  }

  /** What is left at the end: a frame if there was none, else nothing. */
  LogMel finish() {
    int values = passedAny ? 0 : Math.min(held.length, spec.nMels());
    return new LogMel(Arrays.copyOf(held, values), spec);
  }

  private boolean isSilent(LogMel frame) {
    double sum = 0;
    for (float value : frame.frames()) {
      sum += value;
    }
    return sum / spec.nMels() < Math.log(spec.floor()) + SILENCE;
  }

  private static float[] joined(float[] a, float[] b) {
    float[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
