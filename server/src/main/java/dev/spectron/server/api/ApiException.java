package dev.spectron.server.api;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.error.SpokenLmException;
import java.util.List;

/** A request that is answered with an error. */
public final class ApiException extends SpokenLmException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  /**
   * With what the client is told.
   *
   * @param code stable name
   * @param status of HTTP
   * @param message where, expected, found, what to do
   */
  public ApiException(String code, int status, String message) {
    this(message, new ApiError(status, code, message, List.of()));
  }

  /**
   * About a parameter.
   *
   * @param code stable name
   * @param param its path, such as {@code session.audio.input.format}
   * @param message expected, found, what to do
   */
  public ApiException(String code, String param, String message) {
    this(param + ": " + message, new ApiError(400, code, param + ": " + message, List.of(param)));
  }

  private ApiException(String message, ApiError error) {
    super(message);
    this.error = error;
  }

  /** What the client is told. */
  public ApiError error() {
    return error;
  }

  /**
   * What the client is told of any failure; no more than that there is one if it is not the
   * client's doing.
   */
  public static ApiError errorOf(Throwable failure) {
    return switch (failure) {
      case ApiException known -> known.error;
      case AudioException audio -> of(400, audio);
      case CapacityException capacity -> of(400, capacity);
      default ->
          new ApiError(
              500,
              ErrorCode.of(failure).id(),
              "the server failed; its log says more; try again later",
              List.of());
    };
  }

  private static ApiError of(int status, SpokenLmException e) {
    return new ApiError(status, e.code().id(), e.getMessage(), List.of());
  }
}
