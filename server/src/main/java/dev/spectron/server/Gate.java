package dev.spectron.server;

import dev.spectron.server.api.ApiException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Who may enter. A token, if the server has one, comes as {@code Authorization: Bearer} or, from
 * browsers, as the WebSocket protocol {@code openai-insecure-api-key.TOKEN}. Pages of other servers
 * may not enter at all: a browser sends their origin along. Without a token, the name by which a
 * browser found the server must be one of this machine, since others can be made to point here.
 */
final class Gate {
  /** Start of a WebSocket protocol that carries the token. */
  static final String TOKEN_PROTOCOL = "openai-insecure-api-key.";

  private static final String BEARER = "bearer ";

  private final List<String> token;

  Gate(List<String> token) {
    this.token = token;
  }

  /**
   * Lets a request for the web page in, which is no secret: a browser has no token yet.
   *
   * @throws ApiException if it may not
   */
  void checkPage(HttpFields headers) {
    requireSameOrigin(headers);
    if (token.isEmpty()) {
      requireLocal(host(headers));
    }
  }

  /**
   * Lets a request in.
   *
   * @throws ApiException if it may not
   */
  void check(HttpFields headers) {
    checkPage(headers);
    if (!token.isEmpty() && sent(headers).noneMatch(this::isToken)) {
      throw new ApiException(
          "invalid_api_key", 401, "authorization: expected the server's token as Bearer; send it");
    }
  }

  private static String host(HttpFields headers) {
    return Optional.ofNullable(headers.get(HttpHeader.HOST)).orElse("");
  }

  private static void requireSameOrigin(HttpFields headers) {
    String origin = Optional.ofNullable(headers.get(HttpHeader.ORIGIN)).orElse("");
    if (!origin.isEmpty() && !origin.replaceFirst("^https?://", "").equals(host(headers))) {
      throw new ApiException(
          "origin_not_allowed",
          403,
          "origin: expected a page of this server, found another; ask through your own server");
    }
  }

  private static void requireLocal(String host) {
    String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    if (!name.matches("localhost|127(\\.\\d{1,3}){3}|\\[::1]|")) {
      throw new ApiException(
          "host_not_allowed",
          403,
          "host: expected localhost, as this server has no token, found another name; use 127.0.0.1");
    }
  }

  private static Stream<String> sent(HttpFields headers) {
    String authorization = Optional.ofNullable(headers.get(HttpHeader.AUTHORIZATION)).orElse("");
    Stream<String> bearer =
        authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
            ? Stream.of(authorization.substring(BEARER.length()).strip())
            : Stream.empty();
    return Stream.concat(bearer, protocols(headers).filter(Gate::carriesToken).map(Gate::carried));
  }

  /** The WebSocket protocols a client offers. */
  static Stream<String> protocols(HttpFields headers) {
    return headers.getFields(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL).stream()
        .map(HttpField::getValues)
        .flatMap(Stream::of);
  }

  private static boolean carriesToken(String protocol) {
    return protocol.startsWith(TOKEN_PROTOCOL);
  }

  private static String carried(String protocol) {
    return protocol.substring(TOKEN_PROTOCOL.length());
  }

  /** In the same time wherever the two differ. */
  private boolean isToken(String sent) {
    return MessageDigest.isEqual(
        sent.getBytes(StandardCharsets.UTF_8), token.getFirst().getBytes(StandardCharsets.UTF_8));
  }
}
