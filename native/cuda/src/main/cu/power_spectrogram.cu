// y[row, t, bin] = |sum over n of window[n] · x[row, t·hop + n - nFft / 2] · e^(-2·pi·i·n·bin / nFft)|^2
// by the definition; samples beyond the ends are mirrored. A block a frame: the windowed frame goes to
// shared memory once, then a thread a bin. The table holds nFft times cos(2·pi·k / nFft), then as
// many times the sine.
// Floor: x and y once; 4 · nFft operations an element of y, where an FFT has about 5·log2(nFft).
#include "k.cuh"

KERNEL power_spectrogram(const float* x, const float* window, const float* turns, float* y, int samples,
                         int frames, int nFft, int hop) {
  extern __shared__ float frame[];
  int t = blockIdx.x;
  long long row = blockIdx.y;
  for (int n = threadIdx.x; n < nFft; n += blockDim.x) {
    int at = t * hop + n - nFft / 2;
    if (at < 0) at = -at;
    if (at >= samples) at = 2 * (samples - 1) - at;
    frame[n] = window[n] * x[row * samples + at];
  }
  __syncthreads();
  int bins = nFft / 2 + 1;
  for (int bin = threadIdx.x; bin < bins; bin += blockDim.x) {
    float real = 0, imaginary = 0;
    for (int n = 0; n < nFft; n++) {
      unsigned turn = static_cast<unsigned>(n) * bin & (nFft - 1);
      real = fmaf(frame[n], turns[turn], real);
      imaginary = fmaf(frame[n], turns[nFft + turn], imaginary);
    }
    y[(row * frames + t) * bins + bin] = real * real + imaginary * imaginary;
  }
}
