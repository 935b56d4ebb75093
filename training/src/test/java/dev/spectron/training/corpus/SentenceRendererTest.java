package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.dataset.Datasets;
import dev.spectron.training.dataset.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceRendererTest {
  @TempDir private Path folder;
  private Path sentences;

  @BeforeEach
  void write() throws IOException {
    String text =
        IntStream.range(0, 8)
            .mapToObj(i -> "this is the sentence of number " + i)
            .collect(Collectors.joining("\n"));
    sentences = Files.writeString(folder.resolve("sentences.txt"), text + "\ntoo short\n");
  }

  @Test
  void everySpeakerSpeaksAsOftenAsTheOthers() throws IOException {
    Path out = folder.resolve("voices");
    render(4, out);
    List<Recording> read = Datasets.bySpeaker(out.resolve("manifest.jsonl"));
    assertThat(read.stream().collect(Collectors.groupingBy(Recording::speaker)))
        .hasSize(25)
        .containsKeys("rms", "slt", "kal16", "ked", "awb", "espeak-ng+m5")
        .allSatisfy(
            (speaker, recordings) ->
                assertThat(recordings)
                    .extracting(Recording::text)
                    .hasSize(4)
                    .doesNotHaveDuplicates());
    assertThat(read).extracting(Recording::text).doesNotContain("too short");
    assertThat(read.getFirst().read().sampleRate()).isEqualTo(16_000);
    assertThat(Files.readString(out.resolve("manifest.jsonl")))
        .contains("\"voice\":\"hts/slt\"", "\"voice\":\"flite/slt\"");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files).hasSize(101);
    }
  }

  @Test
  void theSameSeedGivesTheSameSentences() throws IOException {
    render(2, folder.resolve("a"));
    render(2, folder.resolve("b"));
    assertThat(folder.resolve("a/manifest.jsonl"))
        .hasSameTextualContentAs(folder.resolve("b/manifest.jsonl"));
  }

  @Test
  void whatCannotBeRenderedIsNamed() throws IOException {
    assertThatThrownBy(() -> render(9, folder.resolve("out")))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            sentences
                + ": expected 1 to 8 sentences a speaker, found 9; that is how many have 5 to 14"
                + " words");
    Path there = Files.createDirectory(folder.resolve("there"));
    assertThatThrownBy(() -> render(2, there))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "corpus: expected a new folder, found " + there + " already there; name another");
  }

  private void render(int perSpeaker, Path out) {
    SentenceRenderer.render(
        sentences, perSpeaker, 1, out, CorpusRenderer.Progress.silent(), _ -> new ToneSpeaker());
  }
}
