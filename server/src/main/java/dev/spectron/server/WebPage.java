package dev.spectron.server;

import dev.spectron.core.error.SpokenLmException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page to talk to the model from a browser: a few files, none from elsewhere. */
final class WebPage {
  private static final String FOLDER = "page/";

  private static final List<String> FILES =
      List.of(
          "index.html",
          "page.css",
          "icon.svg",
          "page.js",
          "realtime.js",
          "player.js",
          "spectrogram.js",
          "microphone-worklet.js");

  private final Map<String, Reply> replies;

  private WebPage(Map<String, Reply> replies) {
    this.replies = replies;
  }

  /** Reads the files. */
  static WebPage load() {
    Map<String, Reply> replies = new LinkedHashMap<>();
    for (String file : FILES) {
      replies.put(file.equals("index.html") ? "/" : "/" + FOLDER + file, read(file));
    }
    return new WebPage(replies);
  }

  private static Reply read(String file) {
    try (InputStream in = WebPage.class.getResourceAsStream(FOLDER + file)) {
      return new Reply(200, type(file), in.readAllBytes());
    } catch (IOException e) {
      throw new SpokenLmException(
          "page: %s: expected to read it, found it impossible; build the server again"
              .formatted(file),
          e);
    }
  }

  private static String type(String file) {
    return switch (file.substring(file.lastIndexOf('.'))) {
      case ".html" -> "text/html; charset=utf-8";
      case ".css" -> "text/css; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      default -> "text/javascript; charset=utf-8";
    };
  }

  /** The file at a path, if there is one. */
  Optional<Reply> at(String path) {
    return Optional.ofNullable(replies.get(path));
  }
}
