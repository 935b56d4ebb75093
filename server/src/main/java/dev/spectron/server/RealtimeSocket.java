package dev.spectron.server;

import dev.spectron.server.answer.AnswerDesk;
import dev.spectron.server.api.Limits;
import dev.spectron.server.realtime.RealtimeSession;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;

/**
 * A realtime session on a WebSocket. Events that the client has not read yet wait in memory, as
 * many as the limit allows; a client that is slower is let go. Public for Jetty alone, which calls
 * it from outside of the package.
 */
public final class RealtimeSocket implements Session.Listener.AutoDemanding {
  private final AnswerDesk desk;
  private final Limits limits;
  private final BooleanSupplier enter;
  private final Runnable leave;
  private final AtomicLong unread = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Session client;
  private volatile RealtimeSession session;

  /**
   * A socket that is not open yet.
   *
   * @param enter asked once when it opens; whether there is room for it
   * @param leave run once when it is over, if there was
   */
  RealtimeSocket(AnswerDesk desk, Limits limits, BooleanSupplier enter, Runnable leave) {
    this.desk = desk;
    this.limits = limits;
    this.enter = enter;
    this.leave = leave;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    client = opened;
    session = new RealtimeSession(desk, limits, this::send);
    if (!enter.getAsBoolean()) {
      closed.set(true);
      opened.close(StatusCode.TRY_AGAIN_LATER, "too many sessions", Callback.NOOP);
      return;
    }
    session.open();
  }

  @Override
  public void onWebSocketText(String message) {
    session.receive(message);
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    session.refuseBinary();
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    end();
  }

  @Override
  public void onWebSocketClose(int statusCode, String reason, Callback callback) {
    end();
    callback.succeed();
  }

  private void send(String event) {
    if (closed.get()) {
      return;
    }
    if (unread.addAndGet(event.length()) > limits.unreadBytes()) {
      letGo();
      return;
    }
    client.sendText(event, Callback.from(() -> unread.addAndGet(-event.length()), _ -> letGo()));
  }

  /** Without a closing handshake, which would wait behind what is unread. */
  private void letGo() {
    client.disconnect();
    end();
  }

  private void end() {
    if (closed.compareAndSet(false, true)) {
      leave.run();
      // Not on this thread, which may hold the session while it sends.
      Thread.ofVirtual().start(session::close);
    }
  }
}
