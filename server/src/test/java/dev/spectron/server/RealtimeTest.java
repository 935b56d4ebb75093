package dev.spectron.server;

import static dev.spectron.server.RealtimeClient.joined;
import static dev.spectron.server.RealtimeClient.map;
import static dev.spectron.server.RealtimeClient.object;
import static dev.spectron.server.RealtimeClient.types;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.Resampler;
import dev.spectron.audio.SampleCoding;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Conversation;
import dev.spectron.sdk.ConversationOptions;
import dev.spectron.sdk.HearingToy;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.sdk.Speech;
import dev.spectron.sdk.Turn;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The events of a session, one by one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealtimeTest {
  private ToyServer server;

  @BeforeAll
  void start() {
    server = new ToyServer();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void theSessionIsDescribedAndUpdated() throws Exception {
    try (RealtimeClient client = new RealtimeClient(server)) {
      Map<String, Object> created = map(client.next("session.created"), "session");
      assertThat(created).containsEntry("type", "realtime").containsEntry("model", "toy-random");
      client.update(
          Map.of(
              "output_modalities",
              List.of("text"),
              "instructions",
              "be brief",
              "audio",
              Map.of("input", Map.of("format", Map.of("type", "audio/pcma")))));
      Map<String, Object> updated = map(client.next("session.updated"), "session");
      assertThat(updated).containsEntry("output_modalities", List.of("text"));
      assertThat(updated.get("audio").toString()).contains("type=audio/pcma");
    }
  }

  @Test
  void aSpokenQuestionIsAnsweredInTheDocumentedOrder() throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.update(
          Map.of("audio", Map.of("input", Map.of("transcription", Map.of("model", "any")))));
      client.next("session.updated");
      client.ask();
      String itemId = client.next("input_audio_buffer.committed").get("item_id").toString();
      assertThat(map(client.next("conversation.item.added"), "item")).containsEntry("id", itemId);
      client.next("conversation.item.done");
      String responseId = map(client.next("response.created"), "response").get("id").toString();
      client.next("response.output_item.added");
      client.next("conversation.item.added");
      client.next("response.content_part.added");
      List<Map<String, Object>> events = client.until("response.done");
      assertThat(types(events).subList(types(events).size() - 6, types(events).size()))
          .containsExactly(
              "response.output_audio.done",
              "response.output_audio_transcript.done",
              "response.content_part.done",
              "response.output_item.done",
              "conversation.item.done",
              "response.done");
      assertThat(events)
          .filteredOn(event -> event.get("type").toString().startsWith("response.output_audio"))
          .allMatch(event -> event.get("response_id").equals(responseId));

      Answer expected = server.spectron().answer(heard(24_000, SampleCoding.PCM_16));
      String heard = "conversation.item.input_audio_transcription.";
      assertThat(joined(events, heard + "delta", "delta")).isEqualTo(expected.transcript());
      assertThat(joined(events, heard + "completed", "transcript"))
          .isEqualTo(expected.transcript());
      assertThat(joined(events, "response.output_audio_transcript.delta", "delta"))
          .isEqualTo(joined(events, "response.output_audio_transcript.done", "transcript"))
          .isEqualTo(expected.text());
      assertThat(sound(events)).isEqualTo(coded(expected, 24_000, SampleCoding.PCM_16));
      Map<String, Object> done = map(events.getLast(), "response");
      assertThat(done.get("status")).isIn("completed", "incomplete");
      assertThat(done.get("output").toString()).contains("role=assistant");
    }
  }

  @ParameterizedTest
  @CsvSource({"audio/pcmu, MU_LAW", "audio/pcma, A_LAW"})
  void telephoneSoundGoesBothWays(String type, SampleCoding coding) throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      Map<String, Object> format = Map.of("format", Map.of("type", type));
      client.update(Map.of("audio", Map.of("input", format, "output", format)));
      client.next("session.updated");
      client.append(coding.encode(ToyServer.tone(0.2, 8000)));
      client.send("input_audio_buffer.commit", Map.of());
      client.send("response.create", Map.of());
      List<Map<String, Object>> events = client.until("response.done");
      Answer expected = server.spectron().answer(heard(8000, coding));
      assertThat(sound(events)).isEqualTo(coded(expected, 8000, coding));
    }
  }

  @Test
  void anAnswerMayBeTextAlone() throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.append(SampleCoding.PCM_16.encode(ToyServer.tone(0.2, 24_000)));
      client.send("input_audio_buffer.commit", Map.of());
      client.send(
          "response.create",
          Map.of(
              "response",
              Map.of("output_modalities", List.of("text"), "metadata", Map.of("a", "b"))));
      List<Map<String, Object>> events = client.until("response.done");
      assertThat(types(events)).noneMatch(type -> type.startsWith("response.output_audio"));
      assertThat(joined(events, "response.output_text.delta", "delta"))
          .isEqualTo(joined(events, "response.output_text.done", "text"))
          .isEqualTo(server.spectron().answer(heard(24_000, SampleCoding.PCM_16)).text());
      assertThat(map(events.getLast(), "response")).containsEntry("metadata", Map.of("a", "b"));
    }
  }

  @Test
  void anItemIsCreatedRetrievedTruncatedAndDeleted() throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.send("conversation.item.create", Map.of("item", item("mine")));
      client.next("conversation.item.added");
      client.next("conversation.item.done");
      client.send(
          "conversation.item.create", Map.of("item", item("first"), "previous_item_id", "root"));
      assertThat(client.next("conversation.item.added")).containsEntry("previous_item_id", null);
      client.next("conversation.item.done");
      client.send("conversation.item.retrieve", Map.of("item_id", "mine"));
      assertThat(map(client.next("conversation.item.retrieved"), "item"))
          .containsEntry("role", "user");
      client.send("response.create", Map.of());
      Map<String, Object> answer = map(client.until("response.output_item.done").getLast(), "item");
      client.until("response.done");
      client.send(
          "conversation.item.truncate",
          Map.of("item_id", answer.get("id"), "content_index", 0, "audio_end_ms", 10));
      assertThat(client.next("conversation.item.truncated")).containsEntry("audio_end_ms", 10);
      client.send("conversation.item.retrieve", Map.of("item_id", answer.get("id")));
      assertThat(client.next("conversation.item.retrieved").toString()).contains("transcript=null");
      client.send("conversation.item.delete", Map.of("item_id", "first"));
      assertThat(client.next("conversation.item.deleted")).containsEntry("item_id", "first");
      client.send("response.create", Map.of());
      client.error("input_audio_missing");
    }
  }

  @Test
  void whatIsDeletedIsNotHeardAnyMore(@TempDir Path folder) throws Exception {
    SpectronOptions.Builder hearing =
        ToyServer.model(20).temperature(3).bundle(HearingToy.write(folder.resolve("toy")));
    try (ToyServer own = new ToyServer(hearing, options -> options);
        RealtimeClient client = RealtimeClient.manual(own)) {
      Speech question = heard(24_000, SampleCoding.PCM_16);
      ConversationOptions options = own.spectron().conversationOptions();
      Conversation expected = own.spectron().newConversation(options);
      List<Map<String, Object>> first = answer(client);
      assertThat(sound(first)).isEqualTo(coded(expected.answer(question)));
      byte[] inContext = coded(expected.answer(question));
      assertThat(expected.turns()).anyMatch(turn -> !turn.transcript().isEmpty());
      List<Map<String, Object>> second = answer(client);
      assertThat(sound(second)).isEqualTo(inContext);
      for (List<Map<String, Object>> turn : List.of(first, second)) {
        for (Map<String, Object> item : done(turn)) {
          client.send("conversation.item.delete", Map.of("item_id", item.get("id")));
          client.next("conversation.item.deleted");
        }
      }
      expected.setTurns(List.of());
      byte[] alone = coded(expected.answer(question));
      List<Map<String, Object>> third = answer(client);
      assertThat(sound(third)).isEqualTo(alone);

      Object answered = done(third).getLast().get("id");
      client.send(
          "conversation.item.truncate",
          Map.of("item_id", answered, "content_index", 0, "audio_end_ms", 10));
      client.next("conversation.item.truncated");
      expected.setTurns(List.of(new Turn(expected.turns().getLast().transcript(), "")));
      assertThat(sound(answer(client))).isEqualTo(coded(expected.answer(question)));
    }
  }

  private static List<Map<String, Object>> answer(RealtimeClient client) throws Exception {
    client.ask();
    return client.until("response.done");
  }

  /** Items that were finished. */
  private static List<Map<String, Object>> done(List<Map<String, Object>> events) {
    return events.stream()
        .filter(event -> event.get("type").equals("conversation.item.done"))
        .map(event -> map(event, "item"))
        .toList();
  }

  private static byte[] coded(Answer answer) {
    return coded(answer, 24_000, SampleCoding.PCM_16);
  }

  @Test
  void whatIsClearedIsNotCommitted() throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.append(new byte[48_000]);
      client.send("input_audio_buffer.clear", Map.of());
      client.next("input_audio_buffer.cleared");
      client.send("input_audio_buffer.commit", Map.of());
      client.error("input_audio_buffer_commit_empty");
    }
  }

  @Test
  void aCancelledAnswerEndsAtOnceAndTheNextMayBeAsked() throws Exception {
    try (ToyServer slow = new ToyServer(100_000, options -> options);
        RealtimeClient client = RealtimeClient.manual(slow)) {
      client.ask();
      client.until("response.output_audio.delta");
      client.send("response.create", Map.of());
      client.send("response.cancel", Map.of());
      List<Map<String, Object>> events = client.until("response.done");
      assertThat(events.toString()).contains("conversation_already_has_active_response");
      assertThat(map(events.getLast(), "response")).containsEntry("status", "cancelled");
      assertThat(events.getLast().toString()).contains("reason=client_cancelled");
      client.send("response.cancel", Map.of());
      client.error("response_cancel_not_active");
      client.send("response.create", Map.of());
      client.until("response.output_audio.delta");
      client.send("response.cancel", Map.of());
      client.until("response.done");
    }
  }

  @Test
  void theServerHearsWhenAQuestionIsOver() throws Exception {
    try (RealtimeClient client = new RealtimeClient(server)) {
      client.next("session.created");
      float[] sound = new float[3 * 24_000];
      float[] tone = ToyServer.tone(0.5, 24_000);
      System.arraycopy(tone, 0, sound, 24_000, tone.length);
      byte[] bytes = SampleCoding.PCM_16.encode(sound);
      for (int at = 0; at < bytes.length; at += 4800) {
        client.append(Arrays.copyOfRange(bytes, at, at + 4800));
      }
      Map<String, Object> started = client.next("input_audio_buffer.speech_started");
      assertThat((Integer) started.get("audio_start_ms")).isBetween(600, 720);
      Map<String, Object> stopped = client.next("input_audio_buffer.speech_stopped");
      assertThat((Integer) stopped.get("audio_end_ms")).isBetween(1980, 2040);
      assertThat(client.next("input_audio_buffer.committed"))
          .containsEntry("item_id", started.get("item_id"));
      client.until("response.done");
    }
  }

  @Test
  void theOldestItemsAreDropped() throws Exception {
    try (ToyServer small =
            new ToyServer(options -> options.limits(ToyServer.limits(4, 2, 1 << 20)));
        RealtimeClient client = RealtimeClient.manual(small)) {
      for (int i = 0; i < 8; i++) {
        client.send("conversation.item.create", Map.of("item", item("i" + i)));
        client.next("conversation.item.added");
        client.next("conversation.item.done");
      }
      client.send("conversation.item.create", Map.of("item", item("i8")));
      client.until("conversation.item.done");
      assertThat(client.next("conversation.item.deleted")).containsEntry("item_id", "i0");
    }
  }

  static Map<String, Object> item(String id) {
    byte[] sound = SampleCoding.PCM_16.encode(ToyServer.tone(0.2, 24_000));
    Map<String, Object> part =
        Map.of("type", "input_audio", "audio", Base64.getEncoder().encodeToString(sound));
    Map<String, Object> item = object("id", id);
    item.put("type", "message");
    item.put("role", "user");
    item.put("content", List.of(part));
    return item;
  }

  /** The question as the server decodes it. */
  private static Speech heard(int rate, SampleCoding coding) {
    return Speech.of(coding.decode(coding.encode(ToyServer.tone(0.2, rate))), rate);
  }

  private static byte[] coded(Answer answer, int rate, SampleCoding coding) {
    Speech speech = answer.speech();
    Waveform whole = new Waveform(speech.samples(), speech.sampleRate());
    return coding.encode(Resampler.resample(whole, rate).samples());
  }

  private static byte[] sound(List<Map<String, Object>> events) {
    ByteArrayOutputStream sound = new ByteArrayOutputStream();
    events.stream()
        .filter(event -> event.get("type").equals("response.output_audio.delta"))
        .forEach(
            event -> sound.writeBytes(Base64.getDecoder().decode(event.get("delta").toString())));
    return sound.toByteArray();
  }
}
