package dev.spectron.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.server.api.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Connections in great number that come to nothing, from several threads, while another client
 * talks. {@code -Dspectron.connects=10000} makes as many.
 */
class ConnectsTest {
  private static final int CONNECTS = Integer.getInteger("spectron.connects", 1_200);
  private static final int THREADS = 8;

  /** So few connections that the server often stops to accept them. */
  private static final int MOST_CONNECTIONS = 12;

  private static final int CROWD = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String HEALTH =
      "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

  private static final String UPGRADE =
      """
      GET /v1/realtime HTTP/1.1\r
      Host: 127.0.0.1\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
      Sec-WebSocket-Version: 13\r
      \r
      """;

  @Test
  void thousandsOfConnectsLeaveTheOthersAlone() throws Exception {
    try (ToyServer server = new ToyServer(options -> options.limits(limits(MOST_CONNECTIONS)));
        RealtimeClient other = RealtimeClient.manual(server)) {
      AtomicInteger next = new AtomicInteger();
      Map<String, Integer> ends = new TreeMap<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Future<Map<String, Integer>>> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          callers.add(threads.submit(() -> connect(server.uri("/").getPort(), next)));
        }
        while (next.get() < CONNECTS) {
          other.ask();
          other.until("response.done");
        }
        for (Future<Map<String, Integer>> caller : callers) {
          caller.get().forEach((end, count) -> ends.merge(end, count, Integer::sum));
        }
      }
      assertThat(ends).as("how connects ended").containsOnlyKeys("connected");
      assertThat(ends.get("connected")).isEqualTo(CONNECTS);
      server.awaitSessions(1);
      other.ask();
      other.until("response.done");
      assertThat(server.send(server.request("/health")).statusCode()).isEqualTo(200);
    }
  }

  private static Limits limits(int connections) {
    return new Limits(
        connections,
        6,
        2,
        200_000,
        100_000,
        2,
        100_000,
        8,
        Duration.ofSeconds(2),
        Duration.ofSeconds(30));
  }

  @Test
  void aCrowdThatComesAtOnceWaitsAndIsServed() throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try (ToyServer server = new ToyServer(options -> options.limits(limits(2)))) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri("/").getPort());
      for (int i = 0; i < CROWD; i++) {
        Socket socket = new Socket();
        crowd.add(socket);
        socket.connect(address, (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
      }
      for (Socket socket : crowd) {
        socket.getOutputStream().write(HEALTH.getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
            .startsWith("HTTP/1.1 200");
        socket.close();
      }
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  private static Map<String, Integer> connect(int port, AtomicInteger next) {
    Map<String, Integer> ends = new TreeMap<>();
    for (int n = next.getAndIncrement(); n < CONNECTS; n = next.getAndIncrement()) {
      String end;
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        end = "connected";
        misbehave(socket, n % 6);
      } catch (IOException e) {
        end = e.toString();
      }
      ends.merge(end, 1, Integer::sum);
    }
    return ends;
  }

  private static void misbehave(Socket socket, int kind) throws IOException {
    switch (kind) {
      case 0 -> {} // leaves at once
      case 1 -> socket.setSoLinger(true, 0); // leaves with a reset
      case 2 -> socket.getOutputStream().write("GET /v1/realtime HT".getBytes(UTF_8));
      case 3 -> {
        socket.getOutputStream().write("\0\1\2 rubbish\r\n\r\n".getBytes(UTF_8));
        socket.setSoLinger(true, 0);
      }
      case 4 -> socket.getOutputStream().write(UPGRADE.getBytes(UTF_8)); // does not wait
      default -> {
        socket.getOutputStream().write(UPGRADE.getBytes(UTF_8));
        int first = socket.getInputStream().read();
        assertThat(first).as("the start of an answer").isEqualTo('H');
        socket.setSoLinger(true, 0);
      }
    }
  }
}
