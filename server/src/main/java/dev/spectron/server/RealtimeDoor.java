package dev.spectron.server;

import dev.spectron.server.answer.AnswerDesk;
import dev.spectron.server.api.ApiException;
import dev.spectron.server.api.Limits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Makes WebSockets of requests for {@code /v1/realtime}, no more at once than there may be. */
final class RealtimeDoor {
  /** Where it is. */
  static final String PATH = "/v1/realtime";

  private static final String PROTOCOL = "realtime";

  private final AnswerDesk desk;
  private final Gate gate;
  private final Limits limits;
  private final AtomicInteger sessions = new AtomicInteger();

  RealtimeDoor(AnswerDesk desk, Gate gate, Limits limits, MeterRegistry meters) {
    this.desk = desk;
    this.gate = gate;
    this.limits = limits;
    Gauge.builder("spectron.realtime.sessions", sessions, AtomicInteger::get)
        .description("WebSocket sessions that are open")
        .register(meters);
  }

  /** In front of what handles all other requests. */
  Handler before(Server server, Handler others) {
    WebSocketUpgradeHandler handler = WebSocketUpgradeHandler.from(server, this::configure);
    handler.setHandler(others);
    return handler;
  }

  private void configure(ServerWebSocketContainer container) {
    container.setMaxTextMessageSize(limits.messageBytes());
    container.setMaxBinaryMessageSize(limits.messageBytes());
    container.setMaxFrameSize(limits.messageBytes());
    container.setIdleTimeout(limits.idle());
    container.addMapping(PATH, this::open);
  }

  private Object open(
      ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
    try {
      gate.check(request.getHeaders());
      if (request.getSubProtocols().contains(PROTOCOL)) {
        response.setAcceptedSubProtocol(PROTOCOL);
      }
      requireRoom();
      return new RealtimeSocket(desk, limits, this::enter, sessions::decrementAndGet);
    } catch (ApiException e) {
      Reply.error(e.error()).write(response, callback);
      return null;
    }
  }

  private boolean enter() {
    int most = limits.sessions();
    return sessions.getAndUpdate(n -> Math.min(n + 1, most)) < most;
  }

  private void requireRoom() {
    if (sessions.get() >= limits.sessions()) {
      throw new ApiException(
          "too_many_sessions",
          503,
          "the server: expected at most %d sessions, found more; try again later"
              .formatted(limits.sessions()));
    }
  }
}
