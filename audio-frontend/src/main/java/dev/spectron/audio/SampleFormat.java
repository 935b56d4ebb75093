package dev.spectron.audio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/** How one sample is coded in a WAV file, with the format tags of its {@code fmt} chunk. */
enum SampleFormat {
  PCM_8(1, 1) {
    @Override
    double decode(byte[] bytes, int at) {
      return ((bytes[at] & 0xFF) - 128) / 128.0;
    }
  },
  PCM_16(1, 2) {
    @Override
    double decode(byte[] bytes, int at) {
      return (short) SHORT.get(bytes, at) / 32768.0;
    }
  },
  PCM_24(1, 3) {
    @Override
    double decode(byte[] bytes, int at) {
      int low = (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
      return (bytes[at + 2] << 16 | low) / 8388608.0;
    }
  },
  PCM_32(1, 4) {
    @Override
    double decode(byte[] bytes, int at) {
      return (int) INT.get(bytes, at) / 2147483648.0;
    }
  },
  FLOAT_32(3, 4) {
    @Override
    double decode(byte[] bytes, int at) {
      return Float.intBitsToFloat((int) INT.get(bytes, at));
    }
  },
  FLOAT_64(3, 8) {
    @Override
    double decode(byte[] bytes, int at) {
      return Double.longBitsToDouble((long) LONG.get(bytes, at));
    }
  },
  A_LAW(6, 1) {
    @Override
    double decode(byte[] bytes, int at) {
      int code = bytes[at] ^ 0x55;
      int segment = (code & 0x70) >> 4;
      int step = (code & 0x0F) << 4 | 8;
      int magnitude = segment == 0 ? step : (step + 256) << (segment - 1);
      return ((code & 0x80) == 0 ? -magnitude : magnitude) / 32768.0;
    }
  },
  MU_LAW(7, 1) {
    private static final int BIAS = 132;

    @Override
    double decode(byte[] bytes, int at) {
      int code = ~bytes[at];
      int magnitude = ((((code & 0x0F) << 3) + BIAS) << ((code & 0x70) >> 4)) - BIAS;
      return ((code & 0x80) == 0 ? magnitude : -magnitude) / 32768.0;
    }
  };

  /** Format tag of the extensible header, which holds the real tag further on. */
  static final int EXTENSIBLE = 0xFFFE;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final Map<Integer, String> TAG_NAMES =
      Map.ofEntries(
          Map.entry(0x0001, "PCM"),
          Map.entry(0x0002, "Microsoft ADPCM"),
          Map.entry(0x0003, "float"),
          Map.entry(0x0006, "A-law"),
          Map.entry(0x0007, "mu-law"),
          Map.entry(0x0011, "IMA ADPCM"),
          Map.entry(0x0014, "G.723 ADPCM"),
          Map.entry(0x0022, "TrueSpeech"),
          Map.entry(0x0031, "GSM 6.10"),
          Map.entry(0x0040, "G.721 ADPCM"),
          Map.entry(0x0045, "G.726 ADPCM"),
          Map.entry(0x0050, "MPEG"),
          Map.entry(0x0055, "MP3"),
          Map.entry(0x0064, "G.726 ADPCM"),
          Map.entry(0x0092, "AC-3"),
          Map.entry(0x00FF, "AAC"),
          Map.entry(0x0160, "WMA"),
          Map.entry(0x0161, "WMA"),
          Map.entry(0x0162, "WMA"),
          Map.entry(0x1610, "AAC"),
          Map.entry(0x674F, "Vorbis"),
          Map.entry(0x704F, "Opus"),
          Map.entry(0xF1AC, "FLAC"));

  private final int tag;
  private final int bytes;

  SampleFormat(int tag, int bytes) {
    this.tag = tag;
    this.bytes = bytes;
  }

  /** The sample that starts at {@code bytes[at]}, 1.0 at full scale. */
  abstract double decode(byte[] bytes, int at);

  /** Bytes of one sample. */
  int bytes() {
    return bytes;
  }

  /** The format with this tag and sample size, if there is one. */
  static Optional<SampleFormat> of(int tag, int bits) {
    for (SampleFormat format : values()) {
      if (format.tag == tag && format.bytes * 8 == bits) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** Whether some sample size of this tag is supported. */
  static boolean isSupported(int tag) {
    for (SampleFormat format : values()) {
      if (format.tag == tag) {
        return true;
      }
    }
    return false;
  }

  /** The tag with its name: {@code 85 (MP3)}. */
  static String describe(int tag) {
    return tag + " (" + TAG_NAMES.getOrDefault(tag, "unknown") + ")";
  }
}
