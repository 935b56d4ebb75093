package dev.spectron.audio;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Names what a file is by its first bytes, where it is no WAV file. */
final class FileSignature {
  /** Bytes that {@link #describe} looks at. */
  static final int BYTES = 12;

  private FileSignature() {}

  /**
   * What the file seems to be: {@code FLAC audio}, or its first bytes.
   *
   * @param head up to {@link #BYTES} first bytes
   */
  static String describe(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("ID3") || isMpegFrame(head)) {
      return "MP3 audio";
    }
    if (isAdtsFrame(head)) {
      return "AAC audio";
    }
    if (text.startsWith("ftyp", 4)) {
      return "MP4 or M4A audio";
    }
    if (text.startsWith("FORM") && text.startsWith("AIF", 8)) {
      return "AIFF audio";
    }
    if (text.startsWith("RIFF") || text.startsWith("RF64")) {
      return "a RIFF file of kind '" + printable(text.substring(Math.min(8, text.length()))) + "'";
    }
    for (Magic magic : Magic.values()) {
      if (text.startsWith(magic.start)) {
        return magic.description;
      }
    }
    return "a file that starts with bytes "
        + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(4, head.length));
  }

  /** {@code text} with everything but visible ASCII replaced, so that it cannot break a line. */
  static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private static boolean isMpegFrame(byte[] head) {
    return head.length > 1 && head[0] == (byte) 0xFF && (head[1] & 0xE6) > 0xE0;
  }

  private static boolean isAdtsFrame(byte[] head) {
    return head.length > 1 && head[0] == (byte) 0xFF && (head[1] & 0xF6) == 0xF0;
  }

  private enum Magic {
    FLAC("fLaC", "FLAC audio"),
    OGG("OggS", "Ogg audio (Vorbis or Opus)"),
    AU(".snd", "AU audio"),
    AMR("#!AMR", "AMR audio"),
    CAF("caff", "CAF audio"),
    WAVPACK("wvpk", "WavPack audio"),
    MATROSKA("\u001AE\u00DF\u00A3", "WebM or Matroska audio"),
    ASF("0&\u00B2u", "WMA audio"),
    BIG_ENDIAN("RIFX", "big-endian WAV audio"),
    WAVE64("riff", "Wave64 audio"),
    MIDI("MThd", "MIDI notes");

    private final String start;
    private final String description;

    Magic(String start, String description) {
      this.start = start;
      this.description = description;
    }
  }
}
