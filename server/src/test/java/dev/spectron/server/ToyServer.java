package dev.spectron.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.server.api.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A server of the toy model, whose answers are noise, but always the same noise. */
final class ToyServer implements AutoCloseable {
  static final int RATE = 16_000;

  private final Spectron spectron;
  private final SpectronServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  ToyServer() {
    this(UnaryOperator.identity());
  }

  ToyServer(UnaryOperator<ServerOptions.Builder> change) {
    this(40, change);
  }

  ToyServer(int maxSpeechFrames, UnaryOperator<ServerOptions.Builder> change) {
    this(model(maxSpeechFrames), change);
  }

  ToyServer(SpectronOptions.Builder model, UnaryOperator<ServerOptions.Builder> change) {
    this.spectron = Spectron.open(model.build());
    this.server =
        SpectronServer.start(spectron, change.apply(ServerOptions.builder().port(0)).build());
  }

  /** The toy model. */
  static SpectronOptions.Builder model(int maxSpeechFrames) {
    return SpectronOptions.builder()
        .randomWeights("toy")
        .backend("reference")
        .seed(4000)
        .maxSpeechFrames(maxSpeechFrames);
  }

  /** Small limits, so that tests reach them. */
  static Limits limits(int sessions, int waiting, int unreadBytes) {
    return new Limits(
        1_000,
        sessions,
        waiting,
        200_000,
        100_000,
        2,
        unreadBytes,
        8,
        Duration.ofSeconds(2),
        Duration.ofSeconds(30));
  }

  Spectron spectron() {
    return spectron;
  }

  URI uri(String path) {
    return URI.create(server.address() + path);
  }

  HttpClient client() {
    return client;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** Waits until so many sessions are open, half a minute at most. */
  void awaitSessions(int count) throws IOException, InterruptedException {
    String line = "spectron_realtime_sessions " + count + ".0";
    String metrics = "";
    for (int i = 0; i < 600 && !metrics.contains(line); i++) {
      Thread.sleep(50);
      metrics = new String(send(request("/metrics")).body(), StandardCharsets.UTF_8);
    }
    assertThat(metrics).contains(line);
  }

  /** A tone. */
  static float[] tone(double seconds, int rate) {
    float[] samples = new float[(int) (seconds * rate)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * 280 * i / rate));
    }
    return samples;
  }

  static byte[] wav(double seconds, int rate) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WavFile.write("tone", out, new Waveform(tone(seconds, rate), rate));
    return out.toByteArray();
  }

  @Override
  public void close() {
    client.close();
    server.close();
    spectron.close();
  }
}
