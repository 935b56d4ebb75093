// The activations, numbered as Activation declares them.
#pragma once
#include "k.cuh"

enum ActivationKind { kRelu, kLeakyRelu, kSilu, kGelu, kGeluTanh, kSigmoid, kTanh, kIdentity };

DEVICE float sigmoid(float x) {
  // Of the two forms the one whose exponential is at most 1.
  float e = exponential(x < 0 ? x : -x);
  return (x < 0 ? e : 1.f) / (1.f + e);
}

/** Near 0 a polynomial: 1 - 2/(e^2x + 1) would cancel there. Cephes' coefficients, |x| < 0.625. */
DEVICE float hyperbolicTangent(float x) {
  float z = x * x;
  float size = x < 0 ? -x : x;
  if (size < 0.625f) {
    float p = fmaf(z, -5.70498872745e-3f, 2.06390887954e-2f);
    p = fmaf(z, p, -5.37397155531e-2f);
    p = fmaf(z, p, 1.33314422036e-1f);
    p = fmaf(z, p, -3.33332819422e-1f);
    return fmaf(x * z, p, x);
  }
  float y = 1.f - 2.f / (exponential(2.f * size) + 1.f);
  return x < 0 ? -y : y;
}

/** erf to 1.5e-7 absolute. Source: Abramowitz and Stegun, formula 7.1.26. */
DEVICE float errorFunction(float x) {
  float size = x < 0 ? -x : x;
  float t = 1.f / fmaf(0.3275911f, size, 1.f);
  float p = fmaf(t, 1.061405429f, -1.453152027f);
  p = fmaf(t, p, 1.421413741f);
  p = fmaf(t, p, -0.284496736f);
  p = fmaf(t, p, 0.254829592f);
  float y = fmaf(-p * t, exponential(-size * size), 1.f);
  return x < 0 ? -y : y;
}

DEVICE float activation(int kind, float x) {
  switch (kind) {
    case kRelu: return larger(x, 0.f);
    case kLeakyRelu: return x > 0 ? x : 0.2f * x;
    case kSilu: return x * sigmoid(x);
    case kGelu: return 0.5f * x * (1.f + errorFunction(x * 0.70710678f));
    case kGeluTanh: return 0.5f * x * (1.f + hyperbolicTangent(0.79788456f * fmaf(0.044715f * x * x, x, x)));
    case kSigmoid: return sigmoid(x);
    case kTanh: return hyperbolicTangent(x);
    default: return x;
  }
}
