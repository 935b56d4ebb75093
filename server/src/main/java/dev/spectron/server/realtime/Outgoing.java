package dev.spectron.server.realtime;

import dev.spectron.core.bundle.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Gives events their names and hands them to the client as text. */
final class Outgoing {
  private final Consumer<String> client;

  Outgoing(Consumer<String> client) {
    this.client = client;
  }

  void send(ServerEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", event.type());
    fields.put("event_id", newId("event"));
    fields.putAll(event.fields());
    client.accept(Json.line(fields));
  }

  /** A name that was never given before. */
  static String newId(String kind) {
    return kind + "_" + UUID.randomUUID().toString().replace("-", "");
  }
}
