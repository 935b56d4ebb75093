package dev.spectron.audio;

/** How samples are coded where no file says so: in a stream, at a rate agreed on beforehand. */
public enum SampleCoding {
  /** Signed 16-bit integers, little-endian. */
  PCM_16(SampleFormat.PCM_16) {
    @Override
    void encode(float sample, byte[] bytes, int at) {
      int step = Math.clamp(Math.round(sample * 32768), Short.MIN_VALUE, Short.MAX_VALUE);
      bytes[at] = (byte) step;
      bytes[at + 1] = (byte) (step >> 8);
    }
  },
  /** ITU-T G.711 µ-law, 8 bits. */
  MU_LAW(SampleFormat.MU_LAW) {
    private static final int BIAS = 132;
    private static final int CLIP = 32_635;

    @Override
    void encode(float sample, byte[] bytes, int at) {
      int step = Math.round(sample * 32768);
      int magnitude = Math.min(Math.abs(step), CLIP) + BIAS;
      int segment = 24 - Integer.numberOfLeadingZeros(magnitude); // 132 to 255 is segment 0
      int code = segment << 4 | (magnitude >> (segment + 3) & 0x0F);
      bytes[at] = (byte) ~(step < 0 ? code | 0x80 : code);
    }
  },
  /** ITU-T G.711 A-law, 8 bits. */
  A_LAW(SampleFormat.A_LAW) {
    private static final int CLIP = 32_767;

    @Override
    void encode(float sample, byte[] bytes, int at) {
      int step = Math.round(sample * 32768);
      int magnitude = Math.min(Math.abs(step), CLIP);
      int segment = Math.max(0, 24 - Integer.numberOfLeadingZeros(magnitude)); // from 256 on: 1
      int code = segment << 4 | (magnitude >> (segment == 0 ? 4 : segment + 3) & 0x0F);
      bytes[at] = (byte) ((step < 0 ? code : code | 0x80) ^ 0x55);
    }
  };

  private final SampleFormat format;

  SampleCoding(SampleFormat format) {
    this.format = format;
  }

  /** Codes one sample to {@code bytes[at]} and on. */
  abstract void encode(float sample, byte[] bytes, int at);

  /** Bytes of one sample. */
  public int bytes() {
    return format.bytes();
  }

  /**
   * The samples, 1.0 at full scale.
   *
   * @throws IllegalArgumentException if the bytes are not whole samples
   */
  public float[] decode(byte[] bytes) {
    if (bytes.length % bytes() != 0) {
      throw new IllegalArgumentException(
          "samples: expected whole samples of %d bytes, found %d bytes"
              .formatted(bytes(), bytes.length));
    }
    float[] samples = new float[bytes.length / bytes()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) format.decode(bytes, i * bytes());
    }
    return samples;
  }

  /** The bytes of samples; those outside [−1, 1) are clipped. */
  public byte[] encode(float[] samples) {
    byte[] bytes = new byte[samples.length * bytes()];
    for (int i = 0; i < samples.length; i++) {
      encode(samples[i], bytes, i * bytes());
    }
    return bytes;
  }
}
