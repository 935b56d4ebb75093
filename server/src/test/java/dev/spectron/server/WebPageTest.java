package dev.spectron.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.Speech;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page: what the server says of it, and what a browser with a microphone makes of it. */
class WebPageTest {
  private static final Path QUESTION =
      Path.of("..", "samples", "questions", "capital-of-france.wav").toAbsolutePath().normalize();

  @Test
  void itsFilesComeFromHereAndFromNowhereElse() throws Exception {
    try (ToyServer server = new ToyServer(options -> options.token("correct-horse"))) {
      String page = text(server, "/");
      List<String> named =
          Pattern.compile("(?:href|src)=\"([^\"]+)\"")
              .matcher(page)
              .results()
              .map(found -> found.group(1))
              .toList();
      assertThat(named).hasSize(3).allMatch(name -> name.startsWith("page/"));
      for (String script : List.of("page.js", "realtime.js", "player.js", "spectrogram.js")) {
        assertThat(text(server, "/page/" + script)).doesNotContain("http:", "https:");
      }
      assertThat(server.send(server.request("/page/none.js")).statusCode()).isEqualTo(401);
      assertThat(server.send(server.request("/page/../page.js")).statusCode()).isNotEqualTo(200);
    }
  }

  private static String text(ToyServer server, String path) throws Exception {
    HttpResponse<byte[]> response = server.send(server.request(path));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).contains("; charset=utf-8"));
    return new String(response.body(), UTF_8);
  }

  @Test
  void aQuestionIsSpokenToItAndTheAnswerHeard() throws Exception {
    try (Spectron spectron = Spectron.openDefault();
        SpectronServer server =
            SpectronServer.start(spectron, ServerOptions.builder().port(0).build())) {
      Answer expected = spectron.answer(Speech.readWav(QUESTION));
      NodeTests.run(
          "page.test.mjs",
          Map.of(
              "SPECTRON_ADDRESS",
              server.address(),
              "QUESTION",
              QUESTION.toString(),
              "QUESTION_SECONDS",
              String.valueOf(Speech.readWav(QUESTION).seconds()),
              "ANSWER_SECONDS",
              String.valueOf(expected.speech().seconds()),
              "EXPECTED_TRANSCRIPT",
              expected.transcript(),
              "EXPECTED_TEXT",
              expected.text()));
    }
  }
}
