package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every bad model: one line that says what is wrong, exit code 1, nothing written. */
class BadModelTest {
  @TempDir private Path folder;
  private Path model;
  private Path answer;

  @BeforeEach
  void writeModel() {
    model = ToyModel.write(folder.resolve("model"), 1);
    answer = folder.resolve("answer.wav");
  }

  @AfterEach
  void nothingIsHalfWritten() {
    assertThat(answer).doesNotExist();
  }

  @Test
  void aWrongShape() throws IOException {
    edit("lm.safetensors", "\"shape\":[96,48]", "\"shape\":[48,96]");
    refused("lm.safetensors: ", "expected shape [96, 48], found [48, 96]");
  }

  @Test
  void aMissingTensor() throws IOException {
    edit("nets.safetensors", "\"stop_head.bias\"", "\"stop_head.wias\"");
    refused("nets.safetensors: stop_head.bias: no such tensor among ", "do not fit each other");
  }

  @Test
  void aTensorTooMany() throws IOException {
    edit("config.json", "\"stop_head\" : true", "\"stop_head\" : false");
    refused("nets.safetensors: expected the model to use every tensor, found 2 unused: ", "stop_");
  }

  @Test
  void anUnknownKey() throws IOException {
    edit("config.json", "\"n_heads\"", "\"n_haeds\" : 4, \"n_heads\"");
    refused("config.json: conformer.n_haeds: unknown key; expected one of ", "n_heads");
  }

  @Test
  void aConfigurationThatContradictsItself() throws IOException {
    edit("config.json", "\"encoder_dim\" : 32", "\"encoder_dim\" : 33");
    refused("config.json: nets.encoder_dim: expected the value of conformer.d_model, 32, found 33");
  }

  @Test
  void aFileThatIsNoJson() throws IOException {
    Files.writeString(model.resolve("config.json"), "{\"format\": 1,");
    refused("config.json: line 1, column ", "expected strict JSON");
  }

  @Test
  void aMissingFile() throws IOException {
    Files.delete(model.resolve("lm.safetensors"));
    refused(model.resolve("lm.safetensors") + ": no such file; check the path");
  }

  @Test
  void aFileCutOff() throws IOException {
    Path file = model.resolve("conformer.safetensors");
    try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) / 2);
    }
    refused("conformer.safetensors: ", "expected", "found");
  }

  @Test
  void aFolderWithoutAModel() {
    model = folder;
    refused(folder + ": expected a model bundle with a config.json, found none; check the path");
  }

  @Test
  void noFolder() {
    model = folder.resolve("none");
    refused(model + ": expected the folder of a model bundle, found nothing; check the path");
  }

  /** The first part starts the message, the others are somewhere in it. */
  private void refused(String start, String... parts) {
    Run run =
        Run.of(
            "answer",
            Recordings.tone(folder, "question.wav"),
            "--model",
            model,
            "--backend",
            "reference",
            "-o",
            answer);
    assertThat(run.err())
        .startsWith("spectron: " + start)
        .satisfies(message -> assertThat(parts).allMatch(message::contains))
        .endsWith("\n")
        .containsOnlyOnce("\n")
        .doesNotContain("unexpected");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
  }

  /** Replaces the first occurrence, in a file that may hold more than text. */
  private void edit(String name, String from, String to) throws IOException {
    Path file = model.resolve(name);
    Charset text = StandardCharsets.ISO_8859_1;
    String content = Files.readString(file, text);
    assertThat(content).contains(from);
    int at = content.indexOf(from);
    Files.writeString(
        file, content.substring(0, at) + to + content.substring(at + from.length()), text);
  }
}
