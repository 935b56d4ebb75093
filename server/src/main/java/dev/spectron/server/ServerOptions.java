package dev.spectron.server;

import dev.spectron.server.api.Limits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;

/**
 * How a server listens. Immutable; made by a {@link Builder}, changed by {@link #toBuilder()}.
 * Options may join in later versions, so programs should not call the constructor.
 *
 * @param host name or address to listen at
 * @param port 0 to 65,535; 0 for any that is free
 * @param token what clients must send as {@code Authorization: Bearer}; one element or none. Never
 *     printed
 * @param limits what clients are granted
 */
public record ServerOptions(String host, int port, List<String> token, Limits limits) {
  private static final ServerOptions DEFAULTS =
      new ServerOptions("127.0.0.1", 8080, List.of(), Limits.defaults());

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range, or others than this machine could
   *     reach a server without a token
   */
  public ServerOptions {
    Objects.requireNonNull(limits, "limits");
    token = List.copyOf(token);
    require(port >= 0 && port <= 65_535, "port: expected 0 to 65535, found " + port);
    require(
        token.stream().allMatch(text -> text.matches("[!-~]{8,512}")),
        "token: expected 8 to 512 visible ASCII characters, found others");
    require(
        !token.isEmpty() || isLoopback(host),
        "host %s: expected a token for clients of other machines, found none; name one, or listen at 127.0.0.1"
            .formatted(host));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "host: expected a name or address of this machine, found " + host, e);
    }
  }

  /** Loopback, port 8080, no token. */
  public static ServerOptions defaults() {
    return DEFAULTS;
  }

  /** A builder that starts from {@link #defaults()}. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** All but the token. */
  @Override
  public String toString() {
    return "ServerOptions[host=%s, port=%d, token=%s, limits=%s]"
        .formatted(host, port, token.isEmpty() ? "none" : "(hidden)", limits);
  }

  /** Collects options. Not safe for several threads. */
  public static final class Builder {
    private String host;
    private int port;
    private List<String> token;
    private Limits limits;

    private Builder(ServerOptions from) {
      this.host = from.host;
      this.port = from.port;
      this.token = from.token;
      this.limits = from.limits;
    }

    /** Name or address to listen at. */
    public Builder host(String value) {
      this.host = value;
      return this;
    }

    /** Port to listen at; 0 for any that is free. */
    public Builder port(int value) {
      this.port = value;
      return this;
    }

    /** What clients must know. */
    public Builder token(String value) {
      this.token = List.of(value);
      return this;
    }

    /** What clients are granted. */
    public Builder limits(Limits value) {
      this.limits = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public ServerOptions build() {
      return new ServerOptions(host, port, token, limits);
    }
  }
}
