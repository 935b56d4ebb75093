package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerCommandTest {
  @TempDir private Path folder;

  @Test
  void jsonHasExactlyThePromisedKeys() {
    Path question = Recordings.tone(folder, "question.wav");
    Path speech = folder.resolve("answer.wav");
    Run run = Run.answer(question, "--json", "-o", speech);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(1);
    Map<String, Object> answer = Json.parse("line", run.out());
    assertThat(answer.keySet())
        .containsExactly(
            "file",
            "transcript",
            "answer",
            "answer_wav",
            "seconds_in",
            "seconds_out",
            "timings_ms",
            "first_audio_ms",
            "real_time_factor",
            "backend",
            "model");
    assertThat(answer)
        .containsEntry("file", question.toString())
        .containsEntry("answer_wav", speech.toString())
        .containsEntry("seconds_in", 0.25)
        .containsEntry("backend", "reference");
    assertThat(((Map<?, ?>) answer.get("timings_ms")).keySet().stream().map(Object::toString))
        .containsExactly(
            "load", "features", "encode", "prefill", "text", "frames", "vocoder", "total");
    assertThat((double) answer.get("seconds_out")).isEqualTo(WavFile.read(speech).seconds());
  }

  @Test
  void withoutOutputThereIsNoFile() throws IOException {
    Path question = Recordings.tone(folder, "question.wav");
    Run run = Run.answer(question, "--json");
    assertThat(Json.parse("line", run.out())).containsEntry("answer_wav", null);
    assertThat(files(folder)).containsExactly("question.wav");
  }

  @Test
  void peopleReadWhatWasHeardAndAnswered() {
    Path question = Recordings.tone(folder, "question.wav");
    Path speech = folder.resolve("answer.wav");
    Run run = Run.answer(question, "-o", speech);
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("toy-random on back end reference\n\nquestion  " + question + ", 0.25 s\nheard")
        .contains("\nanswer", ", cut off at the limit of frames, in " + speech)
        .containsPattern("time +[0-9]+ ms: features [0-9]+, encode [0-9]+, prefill [0-9]+, text")
        .containsPattern("first audio after [0-9]+ ms, real-time factor [0-9.]+; the model was");
  }

  @Test
  void aQuestionMayComeFromStandardInput() throws IOException {
    byte[] wav = Files.readAllBytes(Recordings.tone(folder, "question.wav"));
    Path answers = Files.createDirectory(folder.resolve("answers"));
    Run run = Run.answer(new ByteArrayInputStream(wav), "-", "--json", "-o", answers);
    assertThat(run.code()).isZero();
    assertThat(Json.parse("line", run.out()))
        .containsEntry("file", "-")
        .containsEntry("answer_wav", answers.resolve("standard-input.wav").toString());
  }

  @Test
  void severalAnswersGoToAFolder() throws IOException {
    Path answers = folder.resolve("new").resolve("answers");
    Run run =
        Run.answer(
            Recordings.tone(folder, "a.wav"), Recordings.tone(folder, "b.x.wav"), "-o", answers);
    assertThat(run.code()).isZero();
    assertThat(files(answers)).containsExactly("a.wav", "b.x.wav");
  }

  @Test
  void questionAndAnswerAreDrawn() throws IOException {
    Path png = folder.resolve("plot.png");
    Run run = Run.answer(Recordings.tone(folder, "question.wav"), "--plot", png);
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("plot      " + png);
    assertThat(ImageIO.read(png.toFile()).getWidth()).isGreaterThan(1000);
  }

  @Test
  void aBadRecordingDoesNotKeepTheOthersFromBeingAnswered() throws IOException {
    Path none = folder.resolve("none.wav");
    Path answers = folder.resolve("answers");
    Run run =
        Run.answer(
            Recordings.tone(folder, "a.wav"),
            none,
            Recordings.tone(folder, "b.wav"),
            "--json",
            "-o",
            answers);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).hasSize(2);
    assertThat(run.err()).isEqualTo("spectron: " + none + ": no such file; check the path\n");
    assertThat(files(answers)).containsExactly("a.wav", "b.wav");
  }

  @Test
  void silenceAndNoiseEndNormally() {
    Run run = Run.answer(Recordings.silence(folder, 0.5), Recordings.noise(folder), "--json");
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(2);
  }

  @Test
  void theVectorBackEndAnswersToo() {
    Run run =
        Run.of(
            "answer",
            Recordings.tone(folder, "question.wav"),
            "--random-weights",
            "toy",
            "--max-speech-frames",
            2,
            "--json");
    assertThat(run.err()).isEmpty();
    assertThat(Json.parse("line", run.out())).containsEntry("backend", "cpu");
  }

  @Test
  void aModelFolderAnswersAsTheModelItWasMadeOf() {
    Path model = ToyModel.write(folder.resolve("model"), 4000);
    Path question = Recordings.tone(folder, "question.wav");
    Run stored =
        Run.of(
            "answer",
            question,
            "--model",
            model,
            "--backend",
            "reference",
            "--seed",
            4000,
            "--temperature",
            2,
            "--max-speech-frames",
            4,
            "--json");
    assertThat(stored.err()).isEmpty();
    Map<String, Object> fromFolder = Json.parse("line", stored.out());
    Map<String, Object> made =
        Json.parse("line", Run.answer(question, "--temperature", 2, "--json").out());
    assertThat(fromFolder).containsEntry("model", "toy-stored");
    assertThat((String) fromFolder.get("transcript")).isNotEmpty();
    for (String key : List.of("transcript", "answer", "seconds_out")) {
      assertThat(fromFolder).containsEntry(key, made.get(key));
    }
  }

  @Test
  void answersEndQuietlyWhenNobodyReadsThem() {
    Path a = Recordings.tone(folder, "a.wav");
    Path b = Recordings.tone(folder, "b.wav");
    ReaderWhoLeaves pipe = new ReaderWhoLeaves();
    PrintStream err = new PrintStream(OutputStream.nullOutputStream());
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(pipe, true, StandardCharsets.UTF_8),
            err,
            () -> false);
    int code =
        Main.run(
            console,
            "answer",
            a.toString(),
            b.toString(),
            "--random-weights",
            "toy",
            "--backend",
            "reference",
            "--max-speech-frames",
            "2",
            "--json");
    assertThat(code).isZero();
    assertThat(pipe.writes).isEqualTo(1);
    assertThat(err.checkError()).isFalse();
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** A pipe that is closed at the far end. */
  private static final class ReaderWhoLeaves extends OutputStream {
    private int writes;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writes++;
      throw new IOException("Broken pipe");
    }
  }
}
