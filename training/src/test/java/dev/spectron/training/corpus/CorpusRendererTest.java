package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusRendererTest {
  @TempDir Path folder;

  @Test
  void theSameRecipeGivesTheSameBytesOnAnyNumberOfThreads() throws IOException {
    CorpusRenderer.render(
        recipe(40, 1),
        folder.resolve("one"),
        CorpusRenderer.Progress.silent(),
        _ -> new ToneSpeaker());
    CorpusRenderer.render(
        recipe(40, 3),
        folder.resolve("three"),
        CorpusRenderer.Progress.silent(),
        _ -> new ToneSpeaker());
    assertSameBytes(folder.resolve("one"), folder.resolve("three"));
  }

  @Test
  void theInstalledVoicesSpeakTheSameBytesTwice() throws IOException {
    Path first = folder.resolve("first");
    if (!isInstalled("flite", "espeak-ng", "festival", "hts_engine")) {
      assertThatThrownBy(
              () -> CorpusRenderer.render(recipe(2, 2), first, CorpusRenderer.Progress.silent()))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("install the packages flite, espeak-ng, festival");
      return;
    }
    Path second = folder.resolve("second");
    CorpusRenderer.render(recipe(2, 2), first, CorpusRenderer.Progress.silent());
    CorpusRenderer.render(recipe(2, 1), second, CorpusRenderer.Progress.silent());
    assertSameBytes(first, second);
    try (Corpus corpus = Corpus.open(first)) {
      assertThat(corpus.items())
          .allSatisfy(
              item -> {
                assertThat(corpus.questionSamples(item)).hasSizeBetween(12_000, 64_000);
                assertThat(Effects.power(corpus.questionSamples(item))).isBetween(1e-5, 0.05);
                assertThat(Effects.power(corpus.answerSamples(item))).isBetween(1e-3, 0.05);
              });
    }
  }

  @Test
  void progressEndsAtTheTotal() {
    List<String> said = new ArrayList<>();
    CorpusRenderer.render(
        recipe(10, 2),
        folder.resolve("corpus"),
        (done, total) -> said.add(done + "/" + total),
        _ -> new ToneSpeaker());
    // 10 training and 1 + 1 dev questions: 40 + 6 clips, and 11 answers, as the seen dev question
    // has its answer already
    assertThat(said).containsExactly("11/57", "57/57");
  }

  @Test
  void aFailedClipLeavesNothingBehind() throws IOException {
    Speaker hoarse =
        _ -> {
          throw new TrainingException(
              "voice flite/rms: \"Hello.\": expected speech, found silence");
        };
    assertThatThrownBy(
            () ->
                CorpusRenderer.render(
                    recipe(4, 2),
                    folder.resolve("corpus"),
                    CorpusRenderer.Progress.silent(),
                    _ -> hoarse))
        .isInstanceOf(TrainingException.class)
        .hasMessage("voice flite/rms: \"Hello.\": expected speech, found silence");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anExistingFolderIsNotOverwritten() throws IOException {
    Path out = Files.createDirectory(folder.resolve("corpus"));
    assertThatThrownBy(
            () ->
                CorpusRenderer.render(
                    recipe(1, 1), out, CorpusRenderer.Progress.silent(), _ -> new ToneSpeaker()))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "corpus: expected a new folder, found "
                + out
                + " already there; name another or remove it");
  }

  private static CorpusRecipe recipe(int questions, int jobs) {
    return new CorpusRecipe(
        "test", 7, QuestionTable.mini(), questions, 4, CorpusExtras.none(), 1, 1, jobs);
  }

  private static boolean isInstalled(String... programs) {
    List<Path> folders = Stream.of(System.getenv("PATH").split(":")).map(Path::of).toList();
    return Stream.of(programs)
        .allMatch(
            program -> folders.stream().anyMatch(in -> Files.isExecutable(in.resolve(program))));
  }

  private static void assertSameBytes(Path expected, Path actual) throws IOException {
    try (Stream<Path> files = Files.list(expected)) {
      List<Path> names = files.map(Path::getFileName).sorted().toList();
      assertThat(names.stream().map(Path::toString))
          .containsExactly("answers.pcm", "corpus.json", "manifest.jsonl", "questions-000.pcm");
      for (Path name : names) {
        assertThat(Files.mismatch(expected.resolve(name), actual.resolve(name)))
            .as(name.toString())
            .isEqualTo(-1);
      }
    }
  }
}
