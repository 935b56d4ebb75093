package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  @TempDir Path parent;

  private Path folder;

  @BeforeEach
  void render() {
    folder = parent.resolve("corpus");
    CorpusRecipe recipe =
        new CorpusRecipe("test", 3, QuestionTable.mini(), 5, 2, CorpusExtras.none(), 2, 2, 1);
    CorpusRenderer.render(recipe, folder, CorpusRenderer.Progress.silent(), _ -> new ToneSpeaker());
  }

  @Test
  void whatWasRenderedIsReadBack() {
    List<PlannedClip> clips =
        CorpusPlan.of(
            new CorpusRecipe("test", 3, QuestionTable.mini(), 5, 2, CorpusExtras.none(), 2, 2, 1));
    ClipShaper shaper = new ClipShaper();
    try (Corpus corpus = Corpus.open(folder)) {
      assertThat(corpus.items().stream().map(CorpusItem::id))
          .isEqualTo(clips.stream().map(PlannedClip::id).toList());
      assertThat(corpus.items(Split.TRAIN)).hasSize(10);
      for (int i = 0; i < clips.size(); i++) {
        PlannedClip clip = clips.get(i);
        CorpusItem item = corpus.items().get(i);
        assertThat(item.question()).isEqualTo(clip.question().questionText());
        float[] question =
            shaper.question(
                new ToneSpeaker().speak(List.of(clip.utterance())).getFirst(), clip.variation());
        assertStored(question, corpus.questionSamples(item));
        Utterance answer = Utterance.plain(Voices.ANSWER, clip.question().answer());
        assertStored(
            shaper.answer(new ToneSpeaker().speak(List.of(answer)).getFirst()),
            corpus.answerSamples(item));
      }
    }
  }

  @Test
  void hostileManifestsAreRefusedWithTheLine() throws IOException {
    assertRefused(line -> "{", "manifest.jsonl: line 2: line 1, column 2: expected strict JSON");
    assertRefused(line -> "[]", "manifest.jsonl: line 2: expected an object, found a list");
    assertRefused(line -> "null", "manifest.jsonl: line 2: expected a value, found null");
    assertRefused(line -> line + "{}", "manifest.jsonl: line 2: line 1, column");
    assertRefused(line -> "[".repeat(5_000), "manifest.jsonl: line 2: expected strict JSON");
    assertRefused(
        line -> " ".repeat(2_000_000) + line, "manifest.jsonl: line 2: expected at most 1048576");
    assertRefused(
        line -> line.replace("\"id\"", "\"name\""), "manifest.jsonl: line 2: id: missing key");
    assertRefused(
        line -> line.replaceFirst("\"category\":\"[^\"]*\",", ""),
        "manifest.jsonl: line 2: category: missing key");
    assertRefused(
        line -> line.replace("{\"id\"", "{\"split\":\"dev\",\"id\""),
        "manifest.jsonl: line 2: line 1, column");
    assertRefused(
        line -> line.replace("train-000001", "train-000000"),
        "manifest.jsonl: id: expected each once, found train-000000 twice");
    assertRefused(
        line -> line.replace("train-000001", "../etc"),
        "manifest.jsonl: line 2: corpus item ../etc: id: expected");
    assertRefused(
        line -> line.replace("\"train\"", "\"test\""),
        "manifest.jsonl: line 2: split: expected one of train, dev, found \"test\"");
    assertRefused(
        line -> line.replace("\"held_out\":false", "\"held_out\":true"),
        "manifest.jsonl: line 2: corpus item");
    assertRefused(
        line -> line.replace("\"held_out\":false", "\"held_out\":0"),
        "manifest.jsonl: line 2: held_out: expected true or false, found 0");
    assertRefused(
        line -> line.replaceFirst("\"voice\":\"[^\"]*", "\"voice\":\"flite/kal"),
        "manifest.jsonl: line 2: voice:");
    assertRefused(
        line -> line.replaceFirst("\"voice\":\"[^\"]*", "\"voice\":\"flite/kal16"),
        "manifest.jsonl: line 2: corpus item train-000001: voice_held_out: expected what the list"
            + " says, found false");
    assertRefused(
        line -> line.replace("questions-000.pcm", "../secret.pcm"),
        "manifest.jsonl: line 2: question_audio: audio range: file: expected questions-NNN.pcm or"
            + " answers.pcm, found \"../secret.pcm\"");
    assertRefused(
        line -> line.replaceFirst("\"offset\":[0-9]+", "\"offset\":-1"),
        "manifest.jsonl: line 2: question_audio: audio range: offset:");
    assertRefused(
        line -> line.replaceFirst("\"offset\":[0-9]+", "\"offset\":9223372036854775807"),
        "manifest.jsonl: line 2: question_audio: audio range: offset:");
    assertRefused(
        line -> line.replaceFirst("\"offset\":[0-9]+", "\"offset\":99999999999999999999"),
        "manifest.jsonl: line 2: question_audio.offset: expected a whole number");
    assertRefused(
        line -> line.replaceFirst("\"samples\":[0-9]+", "\"samples\":0"),
        "manifest.jsonl: line 2: question_audio: audio range: samples:");
    assertRefused(
        line -> line.replaceFirst("\"samples\":[0-9]+", "\"samples\":4294967297"),
        "manifest.jsonl: line 2: question_audio.samples: expected a whole number of 32 bits");
    assertRefused(
        line -> line.replaceFirst("\"offset\":[0-9]+", "\"offset\":100000000"),
        "corpus item train-000001: expected 2000");
  }

  @Test
  void aHeldOutQuestionOnTheTrainingSideIsRefused() throws IOException {
    assertRefused(
        line ->
            line.replaceFirst(
                    "\"category\":\"[^\"]*\",\"key\":\"[^\"]*",
                    "\"category\":\"add\",\"key\":\"add 2 3")
                .replace("\"held_out\":false", "\"held_out\":true"),
        "manifest.jsonl: line 2: corpus item train-000001: split: expected dev for a held-out"
            + " question, found train");
  }

  @Test
  void missingAndShortFilesAreRefused() throws IOException {
    Path answers = folder.resolve("answers.pcm");
    byte[] sound = Files.readAllBytes(answers);
    Files.write(answers, java.util.Arrays.copyOf(sound, 100));
    assertThatThrownBy(() -> Corpus.open(folder))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("bytes in answers.pcm, found 100");
    Files.delete(answers);
    assertThatThrownBy(() -> Corpus.open(folder))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("expected a corpus folder, found: java.nio.file.NoSuchFileException");
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    Path summary = folder.resolve("corpus.json");
    Files.writeString(
        summary, Files.readString(summary).replace("\"format\" : 1", "\"format\" : 2"));
    assertThatThrownBy(() -> Corpus.open(folder))
        .isInstanceOf(TrainingException.class)
        .hasMessage("corpus.json: format: expected 1, found 2; render the corpus again");
  }

  @Test
  void anEmptyManifestAndAnEmptyFolderAreRefused() throws IOException {
    Files.writeString(folder.resolve("manifest.jsonl"), "");
    assertThatThrownBy(() -> Corpus.open(folder))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "manifest.jsonl: expected at least one line, found none; render the corpus again");
    Path empty = Files.createDirectory(parent.resolve("empty"));
    assertThatThrownBy(() -> Corpus.open(empty))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("expected a corpus folder");
  }

  private static void assertStored(float[] rendered, float[] read) {
    assertThat(read).hasSameSizeAs(rendered);
    float largestError = 0;
    for (int i = 0; i < read.length; i++) {
      largestError = Math.max(largestError, Math.abs(read[i] - rendered[i]));
    }
    assertThat(largestError).isBetween(0f, 1 / 65_000f); // half a step of 16 bits
  }

  private void assertRefused(UnaryOperator<String> change, String message) throws IOException {
    Path manifest = folder.resolve("manifest.jsonl");
    String original = Files.readString(manifest);
    List<String> lines = new ArrayList<>(original.lines().toList());
    String changed = change.apply(lines.get(1));
    assertThat(changed).isNotEqualTo(lines.get(1));
    lines.set(1, changed);
    Files.write(manifest, lines);
    try {
      assertThatThrownBy(() -> Corpus.open(folder).close())
          .as(changed)
          .isInstanceOf(TrainingException.class)
          .hasMessageStartingWith(message);
    } finally {
      Files.writeString(manifest, original);
    }
  }
}
