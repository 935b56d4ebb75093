package dev.spectron.server.realtime;

import dev.spectron.audio.SampleCoding;
import dev.spectron.server.api.ApiException;
import dev.spectron.server.api.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** How sound comes and goes. */
enum AudioFormat {
  /** 16-bit PCM at 24 kHz, little-endian. */
  PCM("audio/pcm", 24_000, SampleCoding.PCM_16),
  /** G.711 µ-law at 8 kHz. */
  PCMU("audio/pcmu", 8000, SampleCoding.MU_LAW),
  /** G.711 A-law at 8 kHz. */
  PCMA("audio/pcma", 8000, SampleCoding.A_LAW);

  private final String type;
  private final int rate;
  private final SampleCoding coding;

  AudioFormat(String type, int rate, SampleCoding coding) {
    this.type = type;
    this.rate = rate;
    this.coding = coding;
  }

  /** Hz. */
  int rate() {
    return rate;
  }

  SampleCoding coding() {
    return coding;
  }

  /** Duration of coded sound, milliseconds. */
  long milliseconds(long bytes) {
    return bytes * 1000 / ((long) rate * coding.bytes());
  }

  /** Coded bytes of this much sound. */
  long bytes(long milliseconds) {
    return milliseconds * rate / 1000 * coding.bytes();
  }

  Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    if (this == PCM) {
      fields.put("rate", rate);
    }
    return fields;
  }

  /**
   * The format that an object names.
   *
   * @throws ApiException if there is none
   */
  static AudioFormat of(Fields fields) {
    fields.only(Set.of("type", "rate"));
    String type = fields.string("type");
    for (AudioFormat format : values()) {
      if (format.type.equals(type)) {
        if (fields.has("rate")) {
          fields.integer("rate", format.rate, format.rate);
        }
        return format;
      }
    }
    throw fields.wrong("type", "audio/pcm, audio/pcmu or audio/pcma");
  }
}
