package dev.spectron.cli;

import dev.spectron.core.error.SpokenLmException;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.server.ServerOptions;
import dev.spectron.server.SpectronServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron serve}: the model behind HTTP and WebSocket. */
@Command(
    name = "serve",
    description = {
      "Answer questions that come over the network, until interrupted.",
      "",
      "Speaks OpenAI's Realtime API at /v1/realtime and takes recordings at /v1/answers and"
          + " /v1/audio/transcriptions; /health and /metrics tell how it is. Listens to this machine"
          + " alone unless told otherwise; other machines must send the token.",
      ""
    },
    footer = {
      "  spectron serve",
      "  spectron serve --host 0.0.0.0 --port 9000 --token-file token.txt",
      "  curl -F file=@question.wav http://127.0.0.1:8080/v1/audio/transcriptions",
      "  curl --data-binary @question.wav -H 'Content-Type: audio/wav' -o answer.wav \\",
      "    'http://127.0.0.1:8080/v1/answers?response_format=wav'"
    })
final class ServeCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Name or address to listen at; default 127.0.0.1.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen at, 0 for any that is free; default 8080.")
  private int port = 8080;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Clients must send the one line of this file as Authorization: Bearer.")
  private Path tokenFile;

  @Mixin private ModelChoice model;

  @Mixin private SamplingChoice sampling;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ServerOptions options = options();
    SpectronOptions opening = sampling.options(model.model(), model.backend());
    try (Spectron spectron = Spectron.open(opening);
        SpectronServer server = SpectronServer.start(spectron, options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "spectron-shutdown"));
      console.line(
          "%s on %s listens at %s"
              .formatted(spectron.model(), spectron.backend(), server.address()));
      server.join();
      Thread.interrupted(); // what is left to do is to close
    }
    return 0;
  }

  private ServerOptions options() {
    try {
      ServerOptions.Builder options = ServerOptions.builder().host(host).port(port);
      if (tokenFile != null) {
        options.token(token());
      }
      return options.build();
    } catch (IllegalArgumentException e) {
      throw new UsageException("serve: " + e.getMessage());
    }
  }

  private String token() {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new SpokenLmException(
          "%s: expected a file with a token, found none that can be read; check the path"
              .formatted(tokenFile),
          e);
    }
  }
}
