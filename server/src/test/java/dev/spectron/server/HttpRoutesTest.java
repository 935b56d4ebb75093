package dev.spectron.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.SpokenLmException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Speech;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpRoutesTest {
  private static final String BOUNDARY = "xyz";

  private ToyServer server;

  @BeforeAll
  void start() {
    server = new ToyServer(options -> options.limits(ToyServer.limits(4, 2, 1 << 20)));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void healthNamesTheModel() throws Exception {
    Map<String, Object> health = json(server.send(server.request("/health")), 200);
    assertThat(health).containsEntry("status", "ok").containsEntry("backend", "reference");
  }

  @Test
  void theModelIsListed() throws Exception {
    Map<String, Object> models = json(server.send(server.request("/v1/models")), 200);
    assertThat(models.get("data").toString()).contains("owned_by=spectron");
  }

  @Test
  void aRecordingIsAnsweredAsTheSdkAnswersIt() throws Exception {
    byte[] question = ToyServer.wav(0.2, 16_000);
    Answer expected = server.spectron().answer(Speech.readWav(new ByteArrayInputStream(question)));
    Map<String, Object> json = json(server.post("/v1/answers", "audio/wav", question), 200);
    assertThat(json)
        .containsEntry("transcript", expected.transcript())
        .containsEntry("text", expected.text())
        .containsEntry("seconds", expected.speech().seconds());
    HttpResponse<byte[]> wav =
        server.post("/v1/answers?response_format=wav", "audio/wav", question);
    assertThat(wav.headers().firstValue("content-type")).contains("audio/wav");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    WavFile.write("expected", file, new Waveform(expected.speech().samples(), 16_000));
    assertThat(wav.body()).isEqualTo(file.toByteArray());
    HttpResponse<byte[]> text =
        server.post("/v1/answers", "multipart/form-data; boundary=xyz", form(question, "text"));
    assertThat(new String(text.body(), UTF_8)).isEqualTo(expected.text());
  }

  @Test
  void acceptChoosesTheSound() throws Exception {
    HttpResponse<byte[]> wav =
        server.send(
            server
                .request("/v1/answers")
                .header("Accept", "audio/wav")
                .header("Content-Type", "audio/wav")
                .POST(HttpRequest.BodyPublishers.ofByteArray(ToyServer.wav(0.2, 8000))));
    assertThat(new String(wav.body(), 0, 4, UTF_8)).isEqualTo("RIFF");
  }

  @Test
  void aTranscriptIsThatOfTheAnswer() throws Exception {
    byte[] question = ToyServer.wav(0.2, 16_000);
    Answer expected = server.spectron().answer(Speech.readWav(new ByteArrayInputStream(question)));
    String type = "multipart/form-data; boundary=" + BOUNDARY;
    Map<String, Object> json =
        json(server.post("/v1/audio/transcriptions", type, form(question, "json")), 200);
    assertThat(json).containsExactly(Map.entry("text", expected.transcript()));
    HttpResponse<byte[]> text =
        server.post("/v1/audio/transcriptions", type, form(question, "text"));
    assertThat(new String(text.body(), UTF_8)).isEqualTo(expected.transcript() + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing, '', '', 404, not_found",
    "GET, /v1/answers, '', '', 405, method_not_allowed",
    "GET, /v1/realtime, '', '', 426, upgrade_required",
    "POST, /v1/answers, application/json, {}, 415, unsupported_media_type",
    "POST, /v1/answers, audio/wav, rubbish, 400, audio.format",
    "POST, /v1/answers, audio/wav, '', 400, audio.empty",
    "POST, /v1/answers?response_format=mp3, audio/wav, RIFF, 400, unsupported_value",
    "POST, /v1/answers, multipart/form-data; boundary=x, rubbish, 400, invalid_form",
    "POST, /v1/answers, multipart/form-data, rubbish, 400, invalid_form",
    "POST, /v1/audio/transcriptions, audio/wav, RIFFxxxxWAVE, 400, audio.format"
  })
  void whatIsWrongIsSaid(
      String method, String path, String type, String body, int status, String code)
      throws Exception {
    HttpRequest.Builder request =
        server.request(path).method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    assertThat(error(server.send(request), status))
        .containsEntry("code", code)
        .containsEntry("type", "invalid_request_error")
        .containsKeys("message", "param");
  }

  @Test
  void aBodyIsNotReadBeyondItsLimit() throws Exception {
    byte[] large = new byte[200_001];
    assertThat(error(server.post("/v1/answers", "audio/wav", large), 413))
        .containsEntry("code", "request_too_large");
    HttpResponse<byte[]> chunked =
        server.send(
            server
                .request("/v1/answers")
                .header("Content-Type", "audio/wav")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large))));
    assertThat(error(chunked, 413)).containsEntry("code", "request_too_large");
  }

  @Test
  void aRecordingIsNotDecodedBeyondItsLimit() throws Exception {
    byte[] long8Bit = ToyServer.wav(3, 16_000); // 96 kB, which the body may have
    assertThat(error(server.post("/v1/answers", "audio/wav", long8Bit), 400))
        .containsEntry("code", "audio.too_long");
  }

  @Test
  void binaryRubbishNeverFailsTheServer() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    byte[] wav = ToyServer.wav(0.05, 8000);
    for (int i = 0; i < 60; i++) {
      byte[] damaged = wav.clone();
      for (int k = 0; k < 6; k++) {
        damaged[random.nextInt(44)] = (byte) random.nextInt();
      }
      assertThat(server.post("/v1/audio/transcriptions", "audio/wav", damaged).statusCode())
          .isIn(200, 400);
    }
  }

  @Test
  void whatIsNoHttpIsRefusedInJson() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri("/").getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: \u0001\r\n\r\n".getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 400")
          .contains("http_400");
    }
  }

  @Test
  void metricsCountRequestsAndAnswers() throws Exception {
    server.post("/v1/answers", "audio/wav", ToyServer.wav(0.1, 16_000));
    String metrics = new String(server.send(server.request("/metrics")).body(), UTF_8);
    assertThat(metrics)
        .contains("spectron_answers_seconds_count{outcome=\"completed\"}")
        .contains("spectron_http_requests_total{path=\"/v1/answers\",status=\"200\"}")
        .contains("spectron_answers_waiting 0.0")
        .contains("spectron_answer_first_audio_seconds_sum")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void onlyTheTokenOpensTheDoor() throws Exception {
    try (ToyServer closed = new ToyServer(options -> options.token("correct-horse"))) {
      assertThat(closed.send(closed.request("/health")).statusCode()).isEqualTo(200);
      Map<String, Object> error = error(closed.send(closed.request("/metrics")), 401);
      assertThat(error).containsEntry("code", "invalid_api_key");
      assertThat(error.toString()).doesNotContain("horse");
      for (String wrong : new String[] {"Bearer correct-hors", "Basic correct-horse", "Bearer"}) {
        assertThat(
                closed
                    .send(closed.request("/v1/models").header("Authorization", wrong))
                    .statusCode())
            .isEqualTo(401);
      }
      assertThat(
              closed
                  .send(
                      closed.request("/v1/models").header("Authorization", "Bearer correct-horse"))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void pagesOfOtherServersAndOtherNamesStayOutside() throws IOException {
    assertThat(status("Host: localhost:80\r\nOrigin: https://elsewhere.example"))
        .startsWith("HTTP/1.1 403");
    assertThat(status("Host: rebound.example")).startsWith("HTTP/1.1 403");
    assertThat(status("Host: localhost:80\r\nOrigin: http://localhost:80"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void othersReachAServerOnlyWithAToken() {
    assertThatThrownBy(() -> ServerOptions.builder().host("0.0.0.0").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a token");
    ServerOptions open = ServerOptions.builder().host("0.0.0.0").token("correct-horse").build();
    assertThat(open.toString()).contains("0.0.0.0").doesNotContain("horse");
  }

  @Test
  void aTakenPortIsNamed() {
    int port = server.uri("/").getPort();
    assertThatThrownBy(
            () ->
                SpectronServer.start(server.spectron(), ServerOptions.builder().port(port).build()))
        .isInstanceOf(SpokenLmException.class)
        .hasMessageContaining("port " + port);
  }

  private String status(String headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri("/").getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("GET /v1/models HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static byte[] form(byte[] wav, String format) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(
        """
        --xyz\r
        Content-Disposition: form-data; name="model"\r
        \r
        any\r
        --xyz\r
        Content-Disposition: form-data; name="response_format"\r
        \r
        %s\r
        --xyz\r
        Content-Disposition: form-data; name="file"; filename="q.wav"\r
        Content-Type: audio/wav\r
        \r
        """
            .formatted(format)
            .getBytes(UTF_8));
    form.writeBytes(wav);
    form.writeBytes("\r\n--xyz--\r\n".getBytes(UTF_8));
    return form.toByteArray();
  }

  private static Map<String, Object> json(HttpResponse<byte[]> response, int status) {
    String text = new String(response.body(), UTF_8);
    assertThat(response.statusCode()).as(text).isEqualTo(status);
    return Json.parse("response", text);
  }

  private static Map<String, Object> error(HttpResponse<byte[]> response, int status) {
    Object error = json(response, status).get("error");
    return Json.parse("error", Json.line(error));
  }
}
