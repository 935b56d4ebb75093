package dev.spectron.training.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.dataset.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetEvaluationTest {
  @TempDir private Path folder;
  private Corpus corpus;
  private List<Recording> recordings;

  @BeforeEach
  void writeRecordings() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    recordings = new ArrayList<>();
    for (CorpusItem item : corpus.items(Split.DEV).subList(0, 6)) {
      Path file = folder.resolve("../" + folder.getFileName() + "/" + item.id() + ".wav");
      WavFile.write(file, new Waveform(corpus.questionSamples(item), Corpus.SAMPLE_RATE));
      recordings.add(
          new Recording(
              "set.jsonl: line " + (recordings.size() + 1),
              "../" + item.id(),
              file,
              0,
              Double.POSITIVE_INFINITY,
              item.question(),
              List.of(item.answer()),
              ""));
    }
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  @Test
  void everyFigureHasItsInterval() {
    KnowingModel model = new KnowingModel(corpus, Set.of("dev-000002"), Integer.MAX_VALUE);
    SetReport report = run(model, "out");
    assertThat(cell(report, "recordings")).isEqualTo("6");
    assertThat(cell(report, "answer right")).isEqualTo("83.3 (44 to 97)");
    assertThat(cell(report, "transcript exact")).isEqualTo("100.0 (61 to 100)");
    assertThat(cell(report, "transcript, WER")).isEqualTo("0.0 (0 to 0)");
    assertThat(cell(report, "ended by the stop rule")).isEqualTo("100.0 (61 to 100)");
    assertThat(SetReport.parse("report", report.json())).isEqualTo(report);
    assertThat(folder.resolve("out/report.md")).content().contains("| answer right | 83.3 (44 to");
    assertThat(folder.resolve("out/report.html"))
        .content()
        .contains("<tr id=\"../dev-000002\" class=\"wrong\">")
        .contains("<audio controls");
  }

  @Test
  void withoutRightAnswersOnlyTranscriptsAreMeasured() {
    recordings.replaceAll(
        r -> new Recording(r.where(), r.id(), r.audio(), 0, r.seconds(), r.text(), List.of(), ""));
    SetReport report = run(KnowingModel.of(corpus), "out");
    assertThat(cell(report, "answer right")).isEqualTo("-");
    assertThat(cell(report, "transcript exact")).isEqualTo("100.0 (61 to 100)");
  }

  @Test
  void aRunThatWasKilledGoesOnAndFindsTheSame() {
    assertThatThrownBy(() -> run(new KnowingModel(corpus, Set.of(), 4), "out"))
        .isInstanceOf(IllegalStateException.class);
    KnowingModel rest = KnowingModel.of(corpus);
    SetReport report = run(rest, "out");
    assertThat(rest.answered()).isEqualTo(2);
    assertThat(report).isEqualTo(run(KnowingModel.of(corpus), "other"));
  }

  @Test
  void otherRecordingsAreAnotherRun() throws IOException {
    run(KnowingModel.of(corpus), "out");
    Files.copy(
        recordings.getFirst().audio(),
        recordings.get(1).audio(),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> run(KnowingModel.of(corpus), "out"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("expected answers of model m, corpus ")
        .hasMessageContaining("name another --out, or delete this one");
  }

  @Test
  void aBrokenRecordingIsNamedWithItsLine() throws IOException {
    Files.writeString(recordings.get(2).audio(), "no sound");
    assertThatThrownBy(() -> run(KnowingModel.of(corpus), "out"))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("set.jsonl: line 3: ");
  }

  private SetReport run(KnowingModel model, String out) {
    return SetEvaluation.run(
        model,
        "set",
        recordings,
        folder.resolve(out),
        Fingerprint.ofSet("m", recordings, model.backend()),
        (done, total) -> {});
  }

  private static String cell(SetReport report, String row) {
    return report.figures().rows().stream()
        .filter(one -> one.name().equals(row))
        .findFirst()
        .orElseThrow()
        .cells()
        .getFirst()
        .cell();
  }
}
