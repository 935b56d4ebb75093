package dev.spectron.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** One run of the command, and what came of it. */
record Run(int code, String out, String err) {
  /** Options of the toy model: small, and always the same noise. */
  private static final List<String> TOY =
      List.of(
          "--random-weights",
          "toy",
          "--backend",
          "reference",
          "--seed",
          "4000",
          "--max-speech-frames",
          "4");

  static Run of(Object... arguments) {
    return of(new ByteArrayInputStream(new byte[0]), arguments);
  }

  static Run of(InputStream in, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            () -> false);
    String[] strings = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    int code = Main.run(console, strings);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** {@code answer} on the toy model. */
  static Run answer(Object... arguments) {
    return of(toy(arguments));
  }

  /** {@code answer} on the toy model, with a question on standard input. */
  static Run answer(InputStream in, Object... arguments) {
    return of(in, toy(arguments));
  }

  List<String> lines() {
    return out.lines().toList();
  }

  private static Object[] toy(Object... arguments) {
    return Stream.of(Stream.of("answer"), Stream.of(arguments), TOY.stream())
        .flatMap(part -> part)
        .toArray();
  }
}
