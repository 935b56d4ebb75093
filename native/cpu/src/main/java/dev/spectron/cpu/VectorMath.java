package dev.spectron.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponentials in single precision, built from fused multiply-adds only, so that they are fast on
 * every machine and the same on all. The polynomials were fitted for the least relative error.
 */
final class VectorMath {
  /** exp is cut off here: the smallest result is 1.6e-38, still a normal number. */
  static final float LOWEST = -87f;

  /** The largest argument with a finite result. */
  static final float HIGHEST = 88.72f;

  static final float LOG2_E = (float) (1 / Math.log(2));
  static final float LN2 = (float) Math.log(2);
  static final float LN2_REST = (float) (Math.log(2) - LN2);

  /** Adding 1.5·2²³ leaves a float's nearest integer in its low mantissa bits. */
  static final float ROUND = 0x1.8p23f;

  static final int EXPONENT_SHIFT = 23;
  private static final int ONE_BITS = 0x3f800000;

  /** Coefficients of q in eʳ − 1 = r + r²·q(r), by powers of r. */
  static final float Q0 = 0.49999994f;

  static final float Q1 = 0.1666652f;
  static final float Q2 = 4.16684e-2f;
  static final float Q3 = 8.368851e-3f;
  static final float Q4 = 1.381432e-3f;

  private VectorMath() {}

  /** eˣ within 1 ulp for x in [−87, 88.72]; beyond, the value at the end of that range. */
  static FloatVector exp(VectorSpecies<Float> f, FloatVector x) {
    FloatVector bounded = bounded(f, x);
    FloatVector rounded = rounded(f, bounded);
    FloatVector s = expm1Near0(f, reduced(f, bounded, rounded.sub(ROUND)));
    // 2ⁿ is multiplied in by adding n to the exponent.
    return s.add(1f)
        .reinterpretAsInts()
        .add(rounded.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT))
        .reinterpretAsFloats();
  }

  /** eˣ − 1 within 2 ulp for x in [−87, 88]. */
  static FloatVector expm1(VectorSpecies<Float> f, FloatVector x) {
    FloatVector bounded = bounded(f, x);
    FloatVector rounded = rounded(f, bounded);
    FloatVector s = expm1Near0(f, reduced(f, bounded, rounded.sub(ROUND)));
    FloatVector power =
        rounded
            .reinterpretAsInts()
            .lanewise(LSHL, EXPONENT_SHIFT)
            .add(ONE_BITS)
            .reinterpretAsFloats();
    return s.fma(power, power.sub(1f));
  }

  private static FloatVector bounded(VectorSpecies<Float> f, FloatVector x) {
    FloatVector low = FloatVector.broadcast(f, LOWEST);
    FloatVector high = FloatVector.broadcast(f, HIGHEST);
    // Comparisons, unlike min and max, are one instruction each and let NaN pass.
    return x.blend(low, x.compare(LT, low)).blend(high, x.compare(GT, high));
  }

  private static FloatVector rounded(VectorSpecies<Float> f, FloatVector x) {
    return x.fma(FloatVector.broadcast(f, LOG2_E), FloatVector.broadcast(f, ROUND));
  }

  /** x − n·ln 2, in [−½ ln 2, ½ ln 2]. */
  private static FloatVector reduced(VectorSpecies<Float> f, FloatVector x, FloatVector n) {
    FloatVector r = n.fma(FloatVector.broadcast(f, -LN2), x);
    return n.fma(FloatVector.broadcast(f, -LN2_REST), r);
  }

  /** eʳ − 1 = r + r²·q(r) for |r| ≤ ½ ln 2; relative error of eʳ 3.1e-9 before rounding. */
  private static FloatVector expm1Near0(VectorSpecies<Float> f, FloatVector r) {
    FloatVector q = FloatVector.broadcast(f, Q4);
    q = q.fma(r, FloatVector.broadcast(f, Q3));
    q = q.fma(r, FloatVector.broadcast(f, Q2));
    q = q.fma(r, FloatVector.broadcast(f, Q1));
    q = q.fma(r, FloatVector.broadcast(f, Q0));
    return q.mul(r).fma(r, r);
  }
}
