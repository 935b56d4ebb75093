package dev.spectron.server;

import dev.spectron.core.bundle.Json;
import dev.spectron.server.api.ApiError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What a request over HTTP is answered with.
 *
 * @param status of HTTP
 * @param type media type
 * @param body all of it
 */
record Reply(int status, String type, byte[] body) {
  /** Nothing but this server's own files, and nobody else's page around them. */
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  static Reply json(Map<String, Object> fields) {
    return json(200, fields);
  }

  static Reply text(String type, String body) {
    return new Reply(200, type + "; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  static Reply error(ApiError error) {
    return json(error.status(), Map.of("error", error.json()));
  }

  private static Reply json(int status, Map<String, Object> fields) {
    return new Reply(
        status, "application/json", Json.line(fields).getBytes(StandardCharsets.UTF_8));
  }

  void write(Response response, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put("Content-Security-Policy", CONTENT_POLICY);
    response.getHeaders().put("Cross-Origin-Resource-Policy", "same-origin");
    response.getHeaders().put("Referrer-Policy", "no-referrer");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    if (status == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    if (status == 503) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
