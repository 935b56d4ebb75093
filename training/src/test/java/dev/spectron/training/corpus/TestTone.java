package dev.spectron.training.corpus;

/** Sounds whose every property is known. */
final class TestTone {
  private TestTone() {}

  static float[] sine(double hertz, double seconds, int sampleRate, double amplitude) {
    float[] x = new float[(int) (seconds * sampleRate)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / sampleRate));
    }
    return x;
  }

  /** Power of one frequency over the power of all, 0 to 1. */
  static double share(float[] x, double hertz, int sampleRate) {
    double real = 0;
    double imaginary = 0;
    for (int i = 0; i < x.length; i++) {
      real += x[i] * Math.cos(2 * Math.PI * hertz * i / sampleRate);
      imaginary += x[i] * Math.sin(2 * Math.PI * hertz * i / sampleRate);
    }
    return 2
        * (real * real + imaginary * imaginary)
        / (x.length * (double) x.length)
        / Effects.power(x);
  }
}
