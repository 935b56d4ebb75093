package dev.spectron.server;

import static dev.spectron.server.RealtimeClient.object;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no honest client sends, and that the others do not notice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileClientTest {
  private static final int SESSIONS = 6;

  private ToyServer server;

  @BeforeAll
  void start() {
    server = new ToyServer(options -> options.limits(ToyServer.limits(SESSIONS, 2, 100_000)));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rubbish|invalid_json|",
        "[]|invalid_json|",
        "{\"type\":\"input_audio_buffer.clear\",\"type\":1}|invalid_json|",
        "{}|missing_required_parameter|type",
        "{\"type\":7}|invalid_value|type",
        "{\"type\":\"conversation.destroy\"}|invalid_value|type",
        "{\"type\":\"input_audio_buffer.clear\",\"x\":1}|unknown_parameter|x",
        "{\"type\":\"input_audio_buffer.append\",\"audio\":\"!\"}|invalid_value|audio",
        "{\"type\":\"input_audio_buffer.append\",\"audio\":\"AAAA\"}|invalid_value|audio",
        "{\"type\":\"input_audio_buffer.append\",\"audio\":null}|missing_required_parameter|audio",
        "{\"type\":\"session.update\",\"session\":{\"nonsense\":1}}|unknown_parameter|session.nonsense",
        "{\"type\":\"session.update\",\"session\":{\"tools\":[{}]}}|unsupported_value|session.tools",
        "{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":-1}}}}}|invalid_value|session.audio.input.format.rate",
        "{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"threshold\":-1}}}}}|invalid_value|session.audio.input.turn_detection.threshold",
        "{\"type\":\"session.update\",\"session\":{\"audio\":{\"output\":{\"speed\":2}}}}|invalid_value|session.audio.output.speed",
        "{\"type\":\"conversation.item.truncate\",\"item_id\":\"x\",\"content_index\":0,\"audio_end_ms\":-5}|invalid_value|audio_end_ms",
        "{\"type\":\"conversation.item.truncate\",\"item_id\":\"x\",\"content_index\":-1,\"audio_end_ms\":5}|invalid_value|content_index",
        "{\"type\":\"conversation.item.delete\",\"item_id\":\"x\"}|item_not_found|item_id",
        "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"hi\"}]}}|unsupported_value|item",
        "{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}|invalid_value|response.conversation",
        "{\"type\":\"response.create\"}|input_audio_missing|response"
      })
  void whatIsWrongIsSaidAndTheSessionGoesOn(String event, String code, String param)
      throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.send(event);
      assertThat(client.error(code)).containsEntry("param", param);
      client.ask();
      client.until("response.done");
    }
  }

  @Test
  void anErrorNamesTheEventThatCausedIt() throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.send("response.cancel", Map.of("event_id", "mine"));
      assertThat(client.error("response_cancel_not_active")).containsEntry("event_id", "mine");
    }
  }

  @Test
  void deepAndBinaryRubbishIsRefused() throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.send("[".repeat(50_000));
      client.error("invalid_json");
      client.socket().sendBinary(ByteBuffer.wrap(new byte[1000]), true).join();
      client.error("invalid_message");
      client.ask();
      client.until("response.done");
    }
  }

  @Test
  void theBufferHoldsNoMoreThanAQuestionMayHave() throws Exception {
    try (RealtimeClient client = RealtimeClient.manual(server)) {
      client.append(new byte[60_000]);
      client.append(new byte[60_000]);
      client.error("input_audio_buffer_full");
      client.send("input_audio_buffer.clear", Map.of());
      client.next("input_audio_buffer.cleared");
    }
  }

  @Test
  void aMessageBeyondTheLimitEndsItsSessionAlone() throws Exception {
    try (RealtimeClient other = RealtimeClient.manual(server);
        RealtimeClient client = RealtimeClient.manual(server)) {
      client.send("x".repeat(100_001));
      assertThat(client.closedWith()).isEqualTo(1009);
      other.ask();
      other.until("response.done");
    }
  }

  @Test
  void thereAreNoMoreSessionsThanThereMayBe() throws Exception {
    try (ToyServer own =
        new ToyServer(options -> options.limits(ToyServer.limits(3, 2, 100_000)))) {
      List<RealtimeClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(RealtimeClient.manual(own));
      }
      assertThatThrownBy(() -> new RealtimeClient(own))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> assertThat(e.getResponse().statusCode()).isEqualTo(503));
      clients.forEach(RealtimeClient::close);
      own.awaitSessions(0);
      RealtimeClient.manual(own).close();
    }
  }

  @Test
  void aClientThatDoesNotReadIsLetGo() throws Exception {
    try (ToyServer own = new ToyServer(options -> options.limits(ToyServer.limits(3, 2, 100_000)));
        RealtimeClient other = RealtimeClient.manual(own);
        RealtimeClient deaf = RealtimeClient.manual(own)) {
      deaf.stopReading();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200_000; i++) {
                  deaf.send("session.update", object("session", Map.of()));
                }
              })
          .isInstanceOf(CompletionException.class);
      own.awaitSessions(1);
      other.ask();
      other.until("response.done");
    }
  }

  @Test
  void anUploadOfAByteNowAndThenIsCutOffAndKeepsNobodyWaiting() throws Exception {
    try (ToyServer own = new ToyServer(options -> options.limits(ToyServer.limits(3, 1, 100_000)));
        RealtimeClient other = RealtimeClient.manual(own);
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), own.uri("/").getPort())) {
      String head =
          "POST /v1/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: audio/wav\r\n"
              + "Content-Length: 100000\r\n\r\nR";
      slow.getOutputStream().write(head.getBytes(UTF_8));
      other.ask();
      other.until("response.done");
      assertThat(drip(slow)).startsWith("HTTP/1.1 408").contains("request_too_slow");
      assertThat(own.post("/v1/answers", "audio/wav", ToyServer.wav(0.1, 16_000)).statusCode())
          .isEqualTo(200);
    }
  }

  /** Sends a byte now and then until there is an answer, which it returns as far as it has come. */
  private static String drip(Socket slow) throws Exception {
    slow.setSoTimeout(100);
    byte[] answer = new byte[1000];
    for (int i = 0; i < 600; i++) {
      slow.getOutputStream().write('x');
      try {
        return new String(answer, 0, Math.max(0, slow.getInputStream().read(answer)), UTF_8);
      } catch (SocketTimeoutException e) {
        // not yet
      }
    }
    return "no answer";
  }

  @Test
  void whoFindsTheLineFullIsToldSo() throws Exception {
    try (ToyServer slow =
            new ToyServer(100_000, options -> options.limits(ToyServer.limits(4, 1, 1 << 24)));
        RealtimeClient first = RealtimeClient.manual(slow);
        RealtimeClient second = RealtimeClient.manual(slow)) {
      first.ask();
      first.until("response.output_audio.delta");
      second.ask();
      second.until("conversation.item.done");
      second.error("server_busy");
      assertThat(slow.post("/v1/answers", "audio/wav", ToyServer.wav(0.1, 16_000)).statusCode())
          .isEqualTo(503);
    }
  }
}
