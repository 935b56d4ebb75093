package dev.spectron.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  @TempDir private Path folder;

  @Test
  void itServesUntilItIsInterrupted() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "correct-horse\n");
    CompletableFuture<Integer> code = new CompletableFuture<>();
    try (PipedInputStream printed = new PipedInputStream();
        PrintStream out = new PrintStream(new PipedOutputStream(printed), true, UTF_8)) {
      Console console = new Console(InputStream.nullInputStream(), out, out, () -> false);
      Thread command =
          Thread.ofPlatform()
              .start(
                  () ->
                      code.complete(
                          Main.run(
                              console,
                              "serve",
                              "--port",
                              "0",
                              "--token-file",
                              token.toString(),
                              "--random-weights",
                              "toy",
                              "--backend",
                              "reference")));
      String line = new BufferedReader(new InputStreamReader(printed, UTF_8)).readLine();
      assertThat(line).matches(".* on reference listens at http://127\\.0\\.0\\.1:\\d+");
      URI address = URI.create(line.replaceFirst(".* at ", ""));
      assertThat(status(address.resolve("/health"), "wrong")).isEqualTo(200);
      assertThat(status(address.resolve("/v1/models"), "wrong")).isEqualTo(401);
      assertThat(status(address.resolve("/v1/models"), "correct-horse")).isEqualTo(200);
      command.interrupt();
      assertThat(code.get(60, TimeUnit.SECONDS)).isZero();
    }
  }

  private static int status(URI uri, String token) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }
}
