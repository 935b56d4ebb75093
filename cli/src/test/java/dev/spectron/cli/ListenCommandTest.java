package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenCommandTest {
  private static final Path QUESTION =
      Path.of("..", "samples", "questions", "capital-of-france.wav");

  @TempDir private Path folder;

  @Test
  void aRecordingOfTwoQuestionsIsAConversation() {
    Path played = folder.resolve("played.wav");
    Run run = listen("--input-file", talk(), "--output-file", played, "--json");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    List<String> events =
        run.lines().stream()
            .map(line -> line.replaceAll(".*\"event\":\"(\\w+)\".*", "$1"))
            .toList();
    assertThat(events.stream().filter(event -> !event.matches(".*_delta")))
        .containsExactly(
            "speech_began",
            "speech_confirmed",
            "asked",
            "playback_began",
            "answered",
            "playback_finished",
            "speech_began",
            "speech_confirmed",
            "asked",
            "playback_began",
            "answered",
            "playback_finished");
    assertThat(run.lines()).allSatisfy(line -> assertThat(Json.parse("line", line)).isNotNull());
    Waveform answers = WavFile.read(played);
    assertThat(answers.seconds()).isGreaterThan(6.9);
    assertThat(new Run(0, run.out(), "").lines())
        .isEqualTo(listen("--input-file", talk(), "--json").lines());
  }

  @Test
  void aPersonReadsOneLineForEachQuestion() {
    Run run = listen("--input-file", talk());
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(2).allMatch(line -> line.matches(" +\\d+\\.\\d s .*\\."));
  }

  @Test
  void devicesAreListed() {
    Run run = Run.of("listen", "--devices");
    assertThat(run.code()).isZero();
    assertThat(run.out()).isNotEmpty();
    assertThat(Run.of("listen", "--devices", "--json").lines())
        .allSatisfy(line -> assertThat(Json.parse("line", line)).isNotNull());
  }

  @Test
  void anUnknownDeviceIsToldWithARemedy() {
    Run run = Run.of("listen", "--input", "no such device");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("spectron: microphone")
        .contains("expected", "found none", ";");
  }

  @Test
  void aMissingRecordingIsTold() {
    Run run = listen("--input-file", folder.resolve("none.wav"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).endsWith("none.wav: no such file; check the path\n");
    assertThat(Files.exists(folder.resolve("played.wav"))).isFalse();
  }

  private static Run listen(Object... arguments) {
    Object[] all = new Object[arguments.length + 7];
    System.arraycopy(
        new Object[] {
          "listen", "--random-weights", "toy", "--backend", "reference", "--max-speech-frames", "40"
        },
        0,
        all,
        0,
        7);
    System.arraycopy(arguments, 0, all, 7, arguments.length);
    return Run.of(all);
  }

  /** Seven seconds with a question at the first and at the fourth. */
  private Path talk() {
    Waveform question = WavFile.read(QUESTION);
    int rate = question.sampleRate();
    float[] sound = new float[7 * rate];
    for (int at : new int[] {rate, 4 * rate}) {
      System.arraycopy(question.samples(), 0, sound, at, question.samples().length);
    }
    Path file = folder.resolve("talk.wav");
    WavFile.write(file, new Waveform(sound, rate));
    return file;
  }
}
