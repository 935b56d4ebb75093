package dev.spectron.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.config.IfAbsent;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  private static final String VALID =
      """
      {"lm": {"n_heads": 3, "dropout": 0.5, "kind": "rms_norm", "sizes": [1, 2], "name": "a",
      "tied": true, "theta": 1}, "seed": 9, "shares": {"x": 1.5}}\
      """;

  @TempDir private Path folder;

  enum Kind {
    LAYER_NORM,
    RMS_NORM
  }

  record Lm(
      int nHeads,
      float dropout,
      Kind kind,
      List<Integer> sizes,
      String name,
      boolean tied,
      double theta) {
    Lm {
      if (nHeads == 0) {
        throw new BundleException("config.json: lm.n_heads: expected at least 1, found 0");
      }
      if (nHeads == -1) {
        throw new TrainingException("n_heads: expected at least 1, found -1");
      }
    }
  }

  record Whole(Lm lm, long seed, Map<String, Double> shares) {}

  @Test
  void componentsAreSnakeCaseKeysAndEnumsLowerCaseNames() {
    Whole whole = parse(VALID);
    assertThat(whole)
        .isEqualTo(
            new Whole(
                new Lm(3, 0.5f, Kind.RMS_NORM, List.of(1, 2), "a", true, 1), 9, Map.of("x", 1.5)));
    assertThat(Json.line(whole))
        .isEqualTo(
            "{\"lm\":{\"n_heads\":3,\"dropout\":0.5,\"kind\":\"rms_norm\",\"sizes\":[1,2],"
                + "\"name\":\"a\",\"tied\":true,\"theta\":1.0},\"seed\":9,\"shares\":{\"x\":1.5}}");
  }

  record Grown(int old, @IfAbsent("3") double later, @IfAbsent("[]") List<String> names) {}

  record Parent(Grown one, List<Grown> many) {}

  @Test
  void whatOlderDocumentsLackIsWhatTheRecordSays() {
    String json =
        """
        {"one": {"old": 1}, "many": [{"old": 2, "later": 5, "names": ["a"]}, {"old": 4}]}\
        """;
    assertThat(Json.parse("parent", json, Parent.class))
        .isEqualTo(
            new Parent(
                new Grown(1, 3, List.of()),
                List.of(new Grown(2, 5, List.of("a")), new Grown(4, 3, List.of()))));
  }

  @Test
  void whatIsNotSaidToBeAbsentIsStillRequired() {
    assertThatThrownBy(() -> Json.parse("grown", "{\"later\": 5}", Grown.class))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith("grown: old: missing key");
    assertThatThrownBy(() -> Json.parse("grown", "{\"old\": 1, \"latter\": 5}", Grown.class))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith("grown: latter: unknown key");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Whole whole = parse(VALID);
    assertThat(parse(Json.line(whole))).isEqualTo(whole);
    assertThat(parse(Json.document(whole))).isEqualTo(whole);
    assertThat(Json.document(whole)).endsWith("}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "n_heads": 3, | ``                  | lm.n_heads: missing key; found dropout, kind, sizes, name, tied, theta
          "n_heads"     | "n_haeds"           | lm.n_heads: missing key; found n_haeds, dropout, kind, sizes, name, tied, theta
          "n_heads": 3  | "n_heads": 3, "x":1 | lm.x: unknown key; expected one of n_heads, dropout, kind, sizes, name, tied, theta
          "n_heads": 3  | "n_heads": null     | lm.n_heads: expected a value, found null
          "n_heads": 3  | "n_heads": 3.5      | lm.n_heads: expected a whole number of 32 bits, found 3.5
          "n_heads": 3  | "n_heads": "3"      | lm.n_heads: expected a whole number of 32 bits, found "3"
          "n_heads": 3  | "n_heads": true     | lm.n_heads: expected a whole number of 32 bits, found true
          "n_heads": 3  | "n_heads": 3000000000 | lm.n_heads: expected a whole number of 32 bits, found 3000000000
          "seed": 9     | "seed": 1e0         | seed: expected a whole number of 64 bits, found 1.0
          "seed": 9     | "seed": 99999999999999999999 | seed: expected a whole number of 64 bits, found 99999999999999999999
          "seed": 9     | "seed": 9, "more": 1  | more: unknown key; expected one of lm, seed, shares
          0.5           | 1e39                | lm.dropout: expected a number within 3.4e38, found 1.0E39
          0.5           | 1e999               | lm.dropout: expected a finite number, found Infinity
          0.5           | "0.5"               | lm.dropout: expected a number within 3.4e38, found "0.5"
          0.5           | {}                  | lm.dropout: expected a number within 3.4e38, found an object
          "theta": 1    | "theta": "1"        | lm.theta: expected a number, found "1"
          "rms_norm"    | "RMS_NORM"          | lm.kind: expected one of layer_norm, rms_norm, found "RMS_NORM"
          "rms_norm"    | 0                   | lm.kind: expected one of layer_norm, rms_norm, found 0
          "rms_norm"    | ""                  | lm.kind: expected one of layer_norm, rms_norm, found ""
          [1, 2]        | 1                   | lm.sizes: expected a list, found 1
          [1, 2]        | {"a": 1}            | lm.sizes: expected a list, found an object
          [1, 2]        | [1, null]           | lm.sizes[1]: expected a value, found null
          [1, 2]        | [[1]]               | lm.sizes[0]: expected a whole number of 32 bits, found a list
          "a"           | 7                   | lm.name: expected a string, found 7
          "a"           | true                | lm.name: expected a string, found true
          "a"           | null                | lm.name: expected a value, found null
          true          | 1                   | lm.tied: expected true or false, found 1
          true          | "true"              | lm.tied: expected true or false, found "true"
          1.5           | null                | shares.x: expected a value, found null
          1.5           | "1.5"               | shares.x: expected a number, found "1.5"
          "n_heads": 3  | "n_heads": 0        | lm.n_heads: expected at least 1, found 0
          "n_heads": 3  | "n_heads": -1       | lm: n_heads: expected at least 1, found -1
          """)
  void valuesThatDoNotFitAreNamed(String valid, String wrong, String message) {
    assertThat(VALID).contains(valid);
    refused(VALID.replace(valid, wrong), "config.json: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": 1, "a": 2}  | line 1, column 13: expected strict JSON, found: Duplicate Object property "a"
          {"a": 1,}         | line 1, column 9: expected strict JSON, found: Unexpected character ('}' (code 125)): was expecting double-quote to start property name
          {"a": 1           | line 1, column 8: expected strict JSON, found: Unexpected end-of-input: expected close marker for Object
          {'a': 1}          | line 1, column 2: expected strict JSON, found: Unexpected character (''' (code 39)): was expecting double-quote to start property name
          {"a": NaN}        | line 1, column 10: expected strict JSON, found: Non-standard token 'NaN'
          {"a": 01}         | line 1, column 8: expected strict JSON, found: Invalid numeric value: Leading zeroes not allowed
          {"a": 1} {}       | line 1, column 10: expected strict JSON, found: Trailing token (`JsonToken.START_OBJECT`) found after value
          {} // comment     | line 1, column 4: expected strict JSON, found: Unexpected character ('/' (code 47))
          ``                | expected JSON, found nothing
          `   `             | expected JSON, found nothing
          []                | expected an object, found a list
          null              | expected an object, found null
          7                 | expected an object, found 7
          """)
  void textThatIsNoStrictJsonIsRefused(String text, String message) {
    assertThatThrownBy(() -> Json.parse("config.json", text))
        .isInstanceOf(BundleException.class)
        .hasMessage("config.json: " + message);
  }

  @Test
  void sixtyFourLevelsAreReadAndNoMore() {
    String deepest = "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";
    assertThat(Json.parse("x", deepest)).containsKey("a");
    String deeper = "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}";
    assertThatThrownBy(() -> Json.parse("x", deeper))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "x: expected strict JSON, found: Document nesting depth (65) exceeds the maximum"
                + " allowed (64)");
  }

  @Test
  void aNumberOfManyDigitsIsRefused() {
    assertThatThrownBy(() -> Json.parse("x", "{\"a\":" + "1".repeat(65) + "}"))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "x: expected strict JSON, found: Number value length (65) exceeds the maximum allowed"
                + " (64)");
  }

  @Test
  void moreTokensThanAModelNeedsAreRefused() {
    String many = "{\"a\":[" + "0,".repeat(4_000_000) + "0]}";
    assertThatThrownBy(() -> Json.parse("x", many))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith("x: expected strict JSON, found: Token count (4000001) exceeds");
  }

  @Test
  void untypedValuesKeepTheirKinds() {
    Map<String, Object> values =
        Json.parse("x", "{\"b\": [1, 2.5, null, {\"c\": \"d\"}], \"a\": true}");
    assertThat(values.keySet()).containsExactly("b", "a");
    assertThat(values.get("a")).isEqualTo(true);
    assertThat(values.get("b")).asString().isEqualTo("[1, 2.5, null, {c=d}]");
  }

  @Test
  void numbersThatAreNotFiniteAreNotWritten() {
    Lm lm = new Lm(1, Float.NaN, Kind.RMS_NORM, List.of(), "", true, 1);
    assertThatThrownBy(() -> Json.line(Map.of("lm", List.of(lm))))
        .isInstanceOf(BundleException.class)
        .hasMessage("json: lm[0].dropout: expected a finite number, found NaN");
    assertThatThrownBy(() -> Json.document(Map.of("a", Double.NEGATIVE_INFINITY)))
        .isInstanceOf(BundleException.class)
        .hasMessage("json: a: expected a finite number, found -Infinity");
  }

  @Test
  void aFileIsReadAndNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.json"), VALID);
    assertThat(Json.read(file, Whole.class)).isEqualTo(parse(VALID));
    Files.writeString(file, "{}");
    assertThatThrownBy(() -> Json.read(file, Whole.class))
        .isInstanceOf(BundleException.class)
        .hasMessage("recipe.json: lm: missing key; found ");
  }

  @Test
  void aMissingFileSaysSo() {
    Path file = folder.resolve("recipe.json");
    assertThatThrownBy(() -> Json.read(file, Whole.class))
        .isInstanceOf(BundleException.class)
        .hasMessage(file + ": no such file; check the path");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() throws IOException {
    Path file = Files.write(folder.resolve("recipe.json"), new byte[] {'"', (byte) 0xC3, '"'});
    assertThatThrownBy(() -> Json.read(file, Whole.class))
        .isInstanceOf(BundleException.class)
        .hasMessage("recipe.json: expected UTF-8 text, found other bytes");
  }

  @Test
  void linesAreReadOneByOneAndNamed() throws IOException {
    Path file = folder.resolve("manifest.jsonl");
    String line = Json.line(parse(VALID));
    Files.writeString(file, line + "\n\n" + line + "\r\n" + line);
    List<Whole> found = new ArrayList<>();
    Json.readLines(file, Whole.class, found::add);
    assertThat(found).hasSize(3).containsOnly(parse(VALID));
    Files.writeString(file, line + "\n{}\n");
    assertThatThrownBy(() -> Json.readLines(file, Whole.class, found::add))
        .isInstanceOf(BundleException.class)
        .hasMessage("manifest.jsonl: line 2: lm: missing key; found ");
  }

  @Test
  void aLineWithoutEndIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("manifest.jsonl"), "x".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> Json.readLines(file, Whole.class, whole -> {}))
        .isInstanceOf(BundleException.class)
        .hasMessage("manifest.jsonl: line 1: expected at most 1048576 characters, found more");
  }

  @Test
  void linesThatAreNoUtf8AreRefused() throws IOException {
    Path file =
        Files.write(folder.resolve("m.jsonl"), "\"ä\"".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Json.readLines(file, Whole.class, whole -> {}))
        .isInstanceOf(BundleException.class)
        .hasMessage("m.jsonl: expected UTF-8 text, found other bytes");
  }

  private static Whole parse(String text) {
    return Json.parse("config.json", text, Whole.class);
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(BundleException.class).hasMessage(message);
  }
}
