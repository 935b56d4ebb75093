package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContinueCommandTest {
  @TempDir private Path folder;

  @Test
  void itHearsTheFirstSecondsAndWritesWhatComesAfterThem() {
    Path prompt = Recordings.tone(folder, "prompt.wav");
    Path alone = folder.resolve("alone.wav");
    Path whole = folder.resolve("whole.wav");
    Run run = random(prompt, "--json", "--prompt-seconds", "0.2", "-o", alone);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(Json.parse("line", run.out()))
        .containsEntry("seconds_in", 0.2)
        .containsEntry("continuation_wav", alone.toString());
    Run joined = random(prompt, "--prompt-seconds", "0.2", "--with-prompt", "-o", whole);
    assertThat(joined.code()).isZero();
    float[] continuation = WavFile.read(alone).samples();
    float[] both = WavFile.read(whole).samples();
    assertThat(both).hasSize(3200 + continuation.length).endsWith(continuation);
  }

  @Test
  void aModelThatAnswersIsRefused() {
    Path prompt = Recordings.tone(folder, "prompt.wav");
    Run run = Run.of("continue", prompt, "--random-weights", "toy", "--backend", "reference");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo(
            "spectron: model toy-random: expected one that continues speech, found one that answers; use spectron answer or another --model");
  }

  @Test
  void aBadRecordingDoesNotKeepTheOthersFromBeingContinued() {
    Path prompt = Recordings.tone(folder, "prompt.wav");
    Run run = random(folder.resolve("none.wav"), prompt, "--json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("none.wav");
    assertThat(run.lines()).hasSize(1);
  }

  @Test
  void impossibleOptionsAreUsageErrors() {
    Path prompt = Recordings.tone(folder, "prompt.wav");
    assertThat(random(prompt, "--prompt-seconds", "0").code()).isEqualTo(2);
    assertThat(random(prompt, "--prompt-seconds", "NaN").code()).isEqualTo(2);
    assertThat(random(prompt, "--with-prompt").code()).isEqualTo(2);
  }

  private static Run random(Object... arguments) {
    Object[] all = new Object[arguments.length + 7];
    all[0] = "continue";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Object[] options = {
      "--random-weights", "spectron-mini-continue", "--backend", "cpu", "--max-speech-frames", "6"
    };
    System.arraycopy(options, 0, all, arguments.length + 1, options.length);
    return Run.of(all);
  }
}
