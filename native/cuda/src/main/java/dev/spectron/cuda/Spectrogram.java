package dev.spectron.cuda;

/** Launch of the power spectrogram. */
final class Spectrogram {
  private static final int THREADS = 256;

  private final CudaDevice device;
  private final DeviceTables tables;

  Spectrogram(CudaDevice device, DeviceTables tables) {
    this.device = device;
    this.tables = tables;
  }

  void power(CudaTensor x, Sizes sizes, CudaTensor y) {
    int nFft = sizes.nFft();
    long window = tables.floats(sizes, sizes::window);
    long turns = tables.floats(nFft, () -> turns(nFft));
    int frames = y.shape().size(1);
    device.launch(
        "power_spectrogram",
        new Grid(frames, x.shape().size(0), 1, THREADS, nFft * Float.BYTES),
        device
            .arguments()
            .address(x.address())
            .address(window)
            .address(turns)
            .address(y.address())
            .integer(x.shape().size(1))
            .integer(frames)
            .integer(nFft)
            .integer(sizes.hopLength()));
  }

  private static float[] turns(int nFft) {
    float[] turns = new float[2 * nFft];
    for (int i = 0; i < nFft; i++) {
      turns[i] = (float) Math.cos(2 * Math.PI * i / nFft);
      turns[nFft + i] = (float) Math.sin(2 * Math.PI * i / nFft);
    }
    return turns;
  }

  /**
   * Sizes of one kind of spectrogram.
   *
   * @param nFft FFT size, a power of two
   * @param winLength samples of the window, in the middle of the FFT frame
   * @param hopLength samples between frames
   */
  record Sizes(int nFft, int winLength, int hopLength) {
    /** The periodic Hann window, zeros around it. */
    float[] window() {
      float[] window = new float[nFft];
      for (int n = 0; n < winLength; n++) {
        window[(nFft - winLength) / 2 + n] =
            (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * n / winLength));
      }
      return window;
    }
  }
}
