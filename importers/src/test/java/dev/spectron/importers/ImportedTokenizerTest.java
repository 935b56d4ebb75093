package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.lm.TextStream;
import dev.spectron.lm.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizers of open models against the library that made them, Hugging Face tokenizers. */
class ImportedTokenizerTest {
  @TempDir Path folder;

  static List<String> tokenizers() {
    return HubFixture.names(name -> name.startsWith("tokenizer_"));
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void idsAndTextsAreThoseOfTheLibrary(String name) throws IOException {
    try (Tokenizer tokenizer = tokenizer(name)) {
      for (Case each : cases(name)) {
        assertThat(tokenizer.tokenize(each.text)).as(each.text).isEqualTo(each.ids);
        assertThat(tokenizer.detokenize(each.whole)).as(each.text).isEqualTo(each.decoded);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void aStreamTellsTheWholeTextAndNoBrokenCharacter(String name) throws IOException {
    try (Tokenizer tokenizer = tokenizer(name)) {
      for (Case each : cases(name)) {
        StringBuilder told = new StringBuilder();
        TextStream stream = new TextStream(tokenizer);
        for (int id : each.whole) {
          String part = stream.add(id);
          assertThat(part).as(each.text).doesNotEndWith("\uFFFD");
          told.append(part);
        }
        told.append(stream.finish());
        assertThat(told.toString()).as(each.text).isEqualTo(each.decoded);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void aTextThatIsCutOffWithinACharacterLosesThatCharacter(String name) throws IOException {
    try (Tokenizer tokenizer = tokenizer(name)) {
      int[] ids = tokenizer.tokenize("a \uD83E\uDD94");
      boolean byBytes = tokenizer.detokenize(Arrays.copyOf(ids, ids.length - 1)).contains("\uFFFD");
      assertThat(byBytes).as("bytes as tokens").isTrue();
      TextStream stream = new TextStream(tokenizer);
      StringBuilder told = new StringBuilder();
      for (int i = 0; i < ids.length - 1; i++) {
        told.append(stream.add(ids[i]));
      }
      assertThat(told.append(stream.finish()).toString().strip()).isEqualTo("a");
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void addedTokensAreOneIdBehindAllOthersAndTextStaysTheSame(String name) throws IOException {
    Path file = HubFixture.folder(name).resolve("tokenizer.json");
    TokenizerJson plain = TokenizerJson.read(file, List.of()).orElseThrow();
    TokenizerJson with =
        TokenizerJson.read(file, List.of("<sos>", "<end>", "<answer>")).orElseThrow();
    int size = plain.size();
    assertThat(with.ids())
        .isEqualTo(Map.of("<sos>", size, "<end>", size + 1, "<answer>", size + 2));
    assertThat(with.size()).isEqualTo(size + 3);
    try (Tokenizer tokenizer = of(with.text())) {
      for (Case each : cases(name)) {
        assertThat(tokenizer.tokenize(each.text)).as(each.text).isEqualTo(each.ids);
      }
      int[] ids = tokenizer.tokenize("one<answer>two<end>");
      assertThat(ids).contains(size + 2).endsWith(size + 1);
      assertThat(tokenizer.detokenize(ids)).doesNotContain("answer").doesNotContain("end");
    }
    assertThat(TokenizerJson.read(write(with.text()), List.of("<end>")).orElseThrow().ids())
        .isEqualTo(Map.of("<end>", size + 1));
  }

  @Test
  void aMissingTokenizerSaysHowToMakeOne() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    assertThat(TokenizerJson.read(file, List.of())).isEmpty();
    Files.writeString(folder.resolve("tokenizer.model"), "");
    assertThatThrownBy(() -> TokenizerJson.read(file, List.of("<eos>")))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            file
                + ": no such file; convert tokenizer.model, in Python: AutoTokenizer.from_pretrained(DIR, use_fast=True).save_pretrained(DIR)");
  }

  @Test
  void malformedTokenizersAreRefused() throws IOException {
    assertRefused(
        "{\"model\": {}}", "tokenizer.json: model.vocab: expected the tokens, found none");
    assertRefused(
        "{\"model\": {\"vocab\": {\"a\": 1000000000}}}",
        "tokenizer.json: model.vocab: expected ids below 1048576, found 1000000000");
    assertRefused(
        "{\"model\": {\"vocab\": {}}, \"added_tokens\": [{\"id\": -1, \"content\": \"x\"}]}",
        "tokenizer.json: added_tokens: expected ids and contents, found {id=-1, content=x}");
  }

  private void assertRefused(String text, String message) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> TokenizerJson.read(file, List.of()))
        .isInstanceOf(BundleException.class)
        .hasMessage(message);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("tokenizer.json"), text);
  }

  private record Case(String text, int[] ids, int[] whole, String decoded) {}

  private static List<Case> cases(String name) throws IOException {
    String list = Files.readString(HubFixture.folder(name).resolve("cases.json"));
    List<?> cases = (List<?>) Json.parse(name, "{\"cases\": " + list + "}").get("cases");
    assertThat(cases).isNotEmpty();
    return cases.stream()
        .map(each -> (Map<?, ?>) each)
        .map(
            each ->
                new Case(
                    (String) each.get("text"),
                    ids(each.get("ids")),
                    ids(each.get("ids_with_special")),
                    (String) each.get("decoded_skip_special")))
        .toList();
  }

  private static int[] ids(Object list) {
    return ((List<?>) list).stream().mapToInt(id -> (Integer) id).toArray();
  }

  private static Tokenizer tokenizer(String name) throws IOException {
    return of(Files.readString(HubFixture.folder(name).resolve("tokenizer.json")));
  }

  private static Tokenizer of(String json) {
    return Tokenizer.of("tokenizer.json", json.getBytes(StandardCharsets.UTF_8));
  }
}
