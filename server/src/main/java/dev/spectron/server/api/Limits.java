package dev.spectron.server.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What a server grants its clients. Immutable; {@link #defaults()} suits one machine.
 *
 * @param connections open at once, over all clients; further ones wait to be accepted
 * @param sessions WebSocket sessions at once
 * @param waiting questions at once that wait or are being answered, over all clients
 * @param bodyBytes of a request over HTTP
 * @param messageBytes of a message over WebSocket
 * @param questionSeconds of a recording
 * @param unreadBytes that may wait for a WebSocket client to read them; then it is let go
 * @param items remembered of a session; then the oldest is deleted
 * @param upload time that a body may take to come
 * @param idle after which a silent connection is closed
 */
public record Limits(
    int connections,
    int sessions,
    int waiting,
    int bodyBytes,
    int messageBytes,
    int questionSeconds,
    int unreadBytes,
    int items,
    Duration upload,
    Duration idle) {
  /** Checks the values. */
  public Limits {
    require("connections", connections, 1, 100_000);
    require("sessions", sessions, 1, 100_000);
    require("waiting", waiting, 1, 100_000);
    require("body bytes", bodyBytes, 1024, 1 << 28);
    require("message bytes", messageBytes, 1024, 1 << 26);
    require("question seconds", questionSeconds, 1, 600);
    require("unread bytes", unreadBytes, 1024, 1 << 30);
    require("items", items, 2, 100_000);
    Objects.requireNonNull(upload, "upload");
    require("upload seconds", upload.toSeconds(), 1, 3600);
    Objects.requireNonNull(idle, "idle");
    require("idle seconds", idle.toSeconds(), 1, 86_400);
  }

  private static void require(String limit, long found, long least, long most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "limit of %s: expected %d to %d, found %d".formatted(limit, least, most, found));
    }
  }

  /**
   * 256 connections, 32 sessions, 16 questions, 8 MiB within a minute, 60 seconds; 5 minutes of
   * silence.
   */
  public static Limits defaults() {
    return new Limits(
        256,
        32,
        16,
        8 << 20,
        4 << 20,
        60,
        4 << 20,
        256,
        Duration.ofMinutes(1),
        Duration.ofMinutes(5));
  }
}
