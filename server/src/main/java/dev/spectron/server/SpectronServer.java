package dev.spectron.server;

import dev.spectron.core.error.SpokenLmException;
import dev.spectron.sdk.Spectron;
import dev.spectron.server.answer.AnswerDesk;
import dev.spectron.server.api.ApiError;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A model behind HTTP and WebSocket. Listens from {@link #start} to {@link #close}; the model stays
 * the caller's to close.
 *
 * {@snippet :
 * try (Spectron spectron = Spectron.openDefault();
 *     SpectronServer server = SpectronServer.start(spectron, ServerOptions.defaults())) {
 *   System.out.println(server.address());
 *   server.join();
 * }
 * }
 */
public final class SpectronServer implements AutoCloseable {
  private static final int THREADS = 16; // requests run on virtual ones
  private static final long HTTP_IDLE_MILLIS = 30_000;

  /** That come while no more are accepted; the system turns others away without a word. */
  private static final int MOST_UNACCEPTED = 1024;

  private final ServerOptions options;
  private final Server server;
  private final ServerConnector connector;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private SpectronServer(Spectron spectron, ServerOptions options) {
    this.options = options;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("spectron-server");
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    this.server = new Server(threads);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(HTTP_IDLE_MILLIS);
    connector.setAcceptQueueSize(MOST_UNACCEPTED);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(options.limits().connections(), connector));
    server.setErrorHandler(SpectronServer::error);
    new JvmMemoryMetrics().bindTo(meters);
    AnswerDesk desk = new AnswerDesk(spectron, meters, options.limits().waiting());
    Gate gate = new Gate(options.token());
    HttpRoutes routes = new HttpRoutes(desk, gate, options.limits(), meters);
    server.setHandler(
        new RealtimeDoor(desk, gate, options.limits(), meters).before(server, routes));
  }

  /**
   * Starts to listen.
   *
   * @param spectron the model that answers
   * @throws SpokenLmException if the port is taken
   */
  public static SpectronServer start(Spectron spectron, ServerOptions options) {
    SpectronServer started = new SpectronServer(spectron, options);
    try {
      started.server.start();
      return started;
    } catch (Exception e) {
      started.close();
      throw new SpokenLmException(
          "%s port %d: expected to listen there, found it impossible (%s); choose another port"
              .formatted(options.host(), options.port(), e.getMessage()),
          e);
    }
  }

  /** Where it listens, such as {@code http://127.0.0.1:8080}. */
  public String address() {
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    return "http://" + host + ":" + connector.getLocalPort();
  }

  /** Waits until it is closed. */
  public void join() {
    try {
      server.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops listening and lets all clients go. Closing twice does nothing. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new SpokenLmException(
          "server: expected to stop, found it impossible (%s); end the process"
              .formatted(e.getMessage()),
          e);
    } finally {
      meters.close();
    }
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    return http;
  }

  /** What Jetty itself refuses, such as a malformed header. */
  private static boolean error(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Reply.error(
            new ApiError(
                status,
                "http_" + status,
                "request: expected valid HTTP that the server can answer; see the status",
                List.of()))
        .write(response, callback);
    return true;
  }
}
