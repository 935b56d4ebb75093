package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherCommandsTest {
  @TempDir private Path folder;

  @Test
  void backEndsAreListedBestFirst() {
    Run run = Run.of("backends");
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(4);
    assertThat(run.lines().getFirst()).matches("\\* cpu +available +[0-9]+-bit vectors, .*");
    assertThat(run.lines()).filteredOn(line -> line.startsWith("*")).hasSize(1);
    assertThat(run.lines().get(2)).matches("  reference +available .*");
    assertThat(run.lines().getLast())
        .as("cuda, with a GPU or the reason why not")
        .matches("  cuda +(available +.*compute capability.*|not available +.+)");
  }

  @Test
  void backEndsAreListedForPrograms() {
    List<Map<String, Object>> listed =
        Run.of("backends", "--json").lines().stream()
            .map(line -> Json.parse("line", line))
            .toList();
    assertThat(listed)
        .allSatisfy(
            one -> assertThat(one.keySet()).containsExactly("name", "available", "auto", "detail"));
    assertThat(listed)
        .extracting(one -> one.get("auto"))
        .containsExactly(true, false, false, false);
  }

  @Test
  void aModelIsInspected() {
    Path model = ToyModel.write(folder.resolve("model"), 1);
    Run run = Run.of("inspect", model, "--tensors");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.lines().getFirst()).isEqualTo("toy-stored: 93,601 parameters, 0.4 MB");
    assertThat(run.out())
        .containsPattern("\nlm +[0-9,]+ +[0-9]+  f32 +0\\.[0-9] MB\n")
        .containsPattern("\n  stop_head\\.weight +f32 +\\[1, 48]\n")
        .contains("\ncard {\n  \"domain\" : \"none\"", "\"n_heads\" : 4");
  }

  @Test
  void aModelIsInspectedByPrograms() {
    Path model = ToyModel.write(folder.resolve("model"), 1);
    Map<String, Object> stored = Json.parse("out", Run.of("inspect", model, "--json").out());
    Map<String, Object> size =
        Json.parse("out", Run.of("inspect", "--random-weights", "toy", "--json").out());
    assertThat(stored.keySet())
        .containsExactly("name", "parameters", "bytes", "stages", "config", "card");
    assertThat(stored.get("parameters")).isEqualTo(size.get("parameters"));
    assertThat(stored.get("config")).isEqualTo(size.get("config"));
  }

  @Test
  void aSizeIsInspectedWithoutAllocatingIt() {
    Run run = Run.of("inspect", "--random-weights", "spectron-1b");
    assertThat(run.code()).isZero();
    assertThat(run.lines().getFirst()).matches("spectron-1b: 1,[0-9,]+ parameters, [0-9.]+ MB");
  }

  @Test
  void aCorpusIsNeverOverwritten() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    Run run = Run.of("corpus", "--out", corpus, "--size", "smoke");
    assertThat(run.code()).isEqualTo(1);
    assertThat(errors(run)).startsWith("spectron: ").contains(corpus.toString());
    assertThat(corpus).isEmptyDirectory();
  }

  @Test
  void aRecipeThatIsNotThereIsNamed() {
    Path recipe = folder.resolve("recipe.json");
    Run run = Run.of("train", recipe, "--corpus", folder, "--out", folder.resolve("run"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("spectron: " + recipe + ": no such file; check the path\n");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aCorpusThatIsNoneIsNamed() {
    Run run = Run.of("eval", "--corpus", folder, "--random-weights", "toy");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("spectron: corpus " + folder + ": expected a corpus folder");
  }

  @Test
  void recordingsOfOthersAreAskedByTheirManifest() throws IOException {
    Recordings.tone(folder, "q.wav");
    Path manifest = folder.resolve("set.jsonl");
    Files.writeString(
        manifest, "{\"audio\": \"q.wav\", \"text\": \"a tone\", \"answers\": [\"none\"]}\n");
    Path report = folder.resolve("report.json");
    Path out = folder.resolve("out");
    Path page = folder.resolve("page.html");
    Run run =
        Run.of(
            "eval",
            "--set",
            manifest,
            "--random-weights",
            "toy",
            "--out",
            out,
            "--report",
            report,
            "--html",
            page);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().getFirst()).startsWith("set.jsonl, 1 recordings, model ");
    assertThat(run.out()).containsPattern("answer right +0.0 \\(0 to 79\\)");
    assertThat(page).hasSameTextualContentAs(out.resolve("report.html"));
    assertThat(report).content().contains("\"right_answers\" : [ \"none\" ]");
  }

  @Test
  void aRecordingThatIsMissingIsNamedWithItsLine() throws IOException {
    Path manifest = Files.writeString(folder.resolve("set.jsonl"), "{\"audio\": \"q.wav\"}\n");
    Path out = folder.resolve("out");
    Run run = Run.of("eval", "--set", manifest, "--random-weights", "toy", "--out", out);
    assertThat(run.code()).isEqualTo(1);
    assertThat(errors(run))
        .isEqualTo(
            "spectron: set.jsonl: line 1: audio: expected a file, found none at "
                + folder.toAbsolutePath().resolve("q.wav")
                + "; check the path");
  }

  @Test
  void aRunWithoutACheckpointCannotBeExported() {
    Path model = folder.resolve("model");
    Run run = Run.of("export", folder, "--out", model);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo("spectron: " + folder + ": expected a checkpoint, found none; train first\n");
    assertThat(model).doesNotExist();
  }

  @Test
  void aVocoderRunWithoutACheckpointCannotBeExported() {
    Path model = ToyModel.write(folder.resolve("model"), 1);
    Path out = folder.resolve("out");
    Run run = Run.of("export-vocoder", folder, "--model", model, "--out", out);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo("spectron: " + folder + ": expected a checkpoint, found none; train first\n");
    assertThat(out).doesNotExist();
  }

  @Test
  void aVocodersRecipeThatIsWrongIsNamed() throws IOException {
    Path recipe = folder.resolve("recipe.json");
    Files.writeString(recipe, "{\"wavefit\": 3}");
    Run run = Run.of("train-vocoder", recipe, "--corpus", folder, "--out", folder.resolve("run"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(errors(run))
        .isEqualTo("spectron: recipe.json: wavefit: expected an object, found 3");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aPlanThatIsWrongIsNamed() throws IOException {
    Path plan = Files.writeString(folder.resolve("plan.json"), "{\"variants\": 3}");
    Run run = Run.of("ablate", plan, "--corpus", folder, "--out", folder.resolve("out"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(errors(run)).isEqualTo("spectron: plan.json: variants: expected a list, found 3");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** Without the bar. */
  private static String errors(Run run) {
    return run.err().lines().filter(line -> line.startsWith("spectron: ")).findFirst().orElse("");
  }
}
