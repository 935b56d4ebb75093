package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.Timings;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer as a line of JSON. The keys are a promise to programs that read them. */
final class AnswerJson {
  private AnswerJson() {}

  static String line(AnswerFiles.Item item, Waveform question, Answer answer, Spectron spectron) {
    Timings timings = answer.timings();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", item.question());
    fields.put("transcript", answer.transcript());
    fields.put("answer", answer.text());
    fields.put("answer_wav", item.speech().stream().map(Object::toString).findFirst().orElse(null));
    fields.put("seconds_in", rounded(question.seconds()));
    fields.put("seconds_out", rounded(answer.speech().seconds()));
    fields.put("timings_ms", milliseconds(timings));
    fields.put("first_audio_ms", rounded(timings.firstAudio()));
    fields.put("real_time_factor", rounded(timings.realTimeFactor()));
    fields.put("backend", spectron.backend());
    fields.put("model", spectron.model());
    return Json.line(fields);
  }

  private static Map<String, Object> milliseconds(Timings timings) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("load", rounded(timings.load()));
    fields.put("features", rounded(timings.features()));
    fields.put("encode", rounded(timings.encode()));
    fields.put("prefill", rounded(timings.prefill()));
    fields.put("text", rounded(timings.text()));
    fields.put("frames", rounded(timings.frames()));
    fields.put("vocoder", rounded(timings.vocoder()));
    fields.put("total", rounded(timings.total()));
    return fields;
  }

  /** Three decimals: more would be noise. */
  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
