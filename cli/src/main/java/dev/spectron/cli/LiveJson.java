package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.live.LiveEvent;
import dev.spectron.live.SoundDevice;
import dev.spectron.sdk.AnswerEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A conversation as lines of JSON. The keys are a promise to programs that read them. */
final class LiveJson implements Consumer<LiveEvent> {
  private final Console console;

  LiveJson(Console console) {
    this.console = console;
  }

  static String line(SoundDevice device) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", device.name());
    fields.put("description", device.description());
    fields.put("input", device.input() ? device.inputFormat() : null);
    fields.put("output", device.output() ? device.outputFormat() : null);
    return Json.line(fields);
  }

  @Override
  public void accept(LiveEvent event) {
    List<Object> told =
        switch (event) {
          case LiveEvent.SpeechBegan _ -> List.of("speech_began");
          case LiveEvent.NoiseIgnored noise ->
              List.of("noise_ignored", "seconds", rounded(noise.seconds()));
          case LiveEvent.SpeechConfirmed _ -> List.of("speech_confirmed");
          case LiveEvent.Interrupted cut ->
              List.of("interrupted", "played_seconds", rounded(cut.playedSeconds()));
          case LiveEvent.Asked asked ->
              List.of("asked", "seconds", rounded(asked.question().seconds()));
          case LiveEvent.PlaybackBegan _ -> List.of("playback_began");
          case LiveEvent.PlaybackFinished end ->
              List.of("playback_finished", "seconds", rounded(end.seconds()), "gaps", end.gaps());
          case LiveEvent.AnswerFailed failed ->
              List.of("answer_failed", "code", failed.code(), "message", failed.message());
          case LiveEvent.Answering answering -> news(answering.news());
        };
    if (!told.isEmpty()) {
      print(event.at(), told);
    }
  }

  /** Nothing for sound, which is played, and for what another line tells. */
  private static List<Object> news(AnswerEvent news) {
    return switch (news) {
      case AnswerEvent.TranscriptDelta delta -> List.of("transcript_delta", "words", delta.words());
      case AnswerEvent.TextDelta delta -> List.of("text_delta", "words", delta.words());
      case AnswerEvent.Done done ->
          List.of(
              "answered",
              "transcript",
              done.answer().transcript(),
              "answer",
              done.answer().text(),
              "seconds",
              rounded(done.answer().speech().seconds()));
      case AnswerEvent.AudioChunk _, AnswerEvent.StageTiming _, AnswerEvent.Failed _ -> List.of();
    };
  }

  private void print(double at, List<Object> told) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", told.getFirst());
    fields.put("at", rounded(at));
    for (int i = 1; i < told.size(); i += 2) {
      fields.put(told.get(i).toString(), told.get(i + 1));
    }
    console.line(Json.line(fields));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
