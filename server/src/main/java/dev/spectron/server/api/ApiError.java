package dev.spectron.server.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What went wrong, in the form that clients of OpenAI's API read.
 *
 * @param status of HTTP
 * @param code stable name, such as {@code invalid_value}, or that of an {@link
 *     dev.spectron.core.error.ErrorCode}
 * @param message where, expected, found, what to do
 * @param param the parameter it is about; one element or none
 */
public record ApiError(int status, String code, String message, List<String> param) {
  /** Copies the list. */
  public ApiError {
    param = List.copyOf(param);
  }

  /** {@code server_error} or {@code invalid_request_error}. */
  public String type() {
    return status >= 500 ? "server_error" : "invalid_request_error";
  }

  /** The error object. */
  public Map<String, Object> json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("message", message);
    fields.put("type", type());
    fields.put("param", param.isEmpty() ? null : param.getFirst());
    fields.put("code", code);
    return fields;
  }
}
