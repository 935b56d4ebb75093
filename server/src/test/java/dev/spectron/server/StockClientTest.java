package dev.spectron.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.SampleCoding;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Speech;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The published clients of OpenAI's API, on Node: what they need is installed, or this fails. */
class StockClientTest {
  private static final Path SOURCES = Path.of("src", "test", "js");
  private static final Path WORK = Path.of("target", "js");
  private static final String LOCK = "package-lock.json";
  private static final String TOKEN = "correct-horse";

  @Test
  void thePublishedClientsNeedNoChangeButAddressAndKey() throws Exception {
    install();
    byte[] wav = ToyServer.wav(0.5, 24_000);
    Files.write(WORK.resolve("question.wav"), wav);
    Files.write(
        WORK.resolve("question.pcm"), SampleCoding.PCM_16.encode(ToyServer.tone(0.5, 24_000)));
    Files.copy(
        SOURCES.resolve("stock-clients.test.mjs"),
        WORK.resolve("stock-clients.test.mjs"),
        StandardCopyOption.REPLACE_EXISTING);
    try (ToyServer server = new ToyServer(options -> options.token(TOKEN))) {
      Answer expected = server.spectron().answer(Speech.readWav(new ByteArrayInputStream(wav)));
      String address = server.uri("/").toString().replaceFirst("/$", "");
      run(
          Map.of(
              "SPECTRON_ADDRESS",
              address,
              "SPECTRON_TOKEN",
              TOKEN,
              "EXPECTED_TRANSCRIPT",
              expected.transcript(),
              "EXPECTED_TEXT",
              expected.text()),
          "node",
          "--test",
          "--test-reporter=tap",
          "stock-clients.test.mjs");
    }
  }

  /** Once for each state of the lock file. */
  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(WORK);
    Path installed = WORK.resolve("installed-lock.json");
    if (Files.exists(installed) && Files.mismatch(SOURCES.resolve(LOCK), installed) == -1) {
      return;
    }
    for (String name : List.of("package.json", LOCK)) {
      Files.copy(SOURCES.resolve(name), WORK.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    run(Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    Files.copy(SOURCES.resolve(LOCK), installed, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path log = WORK.resolve(command[0] + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(WORK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ended", log).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }
}
