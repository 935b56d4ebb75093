package dev.spectron.server;

import dev.spectron.audio.SampleCoding;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Speech;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The published clients of OpenAI's API, on Node. */
class StockClientTest {
  private static final String TOKEN = "correct-horse";

  @Test
  void thePublishedClientsNeedNoChangeButAddressAndKey() throws Exception {
    Files.createDirectories(NodeTests.WORK);
    byte[] wav = ToyServer.wav(0.5, 24_000);
    Files.write(NodeTests.WORK.resolve("question.wav"), wav);
    Files.write(
        NodeTests.WORK.resolve("question.pcm"),
        SampleCoding.PCM_16.encode(ToyServer.tone(0.5, 24_000)));
    try (ToyServer server = new ToyServer(options -> options.token(TOKEN))) {
      Answer expected = server.spectron().answer(Speech.readWav(new ByteArrayInputStream(wav)));
      NodeTests.run(
          "stock-clients.test.mjs",
          Map.of(
              "SPECTRON_ADDRESS",
              server.uri("").toString(),
              "SPECTRON_TOKEN",
              TOKEN,
              "EXPECTED_TRANSCRIPT",
              expected.transcript(),
              "EXPECTED_TEXT",
              expected.text()));
    }
  }
}
