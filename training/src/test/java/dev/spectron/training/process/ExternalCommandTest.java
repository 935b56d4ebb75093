package dev.spectron.training.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalCommandTest {
  @TempDir Path folder;

  @Test
  void aMissingProgramIsNamedWithTheRemedy() {
    assertThatThrownBy(
            () ->
                ExternalCommand.run(
                    List.of("no-such-engine"), folder, Duration.ofSeconds(5), "install it"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "no-such-engine: expected an installed program, found none that starts; install it");
  }

  @Test
  void aProgramThatNeverEndsIsKilled() {
    assertThatThrownBy(
            () -> ExternalCommand.run(List.of("sleep", "60"), folder, Duration.ofMillis(1_200), ""))
        .isInstanceOf(TrainingException.class)
        .hasMessage("sleep: expected it to end within 1 s, found it running");
  }

  @Test
  void aFailingProgramIsQuoted() {
    assertThatThrownBy(
            () ->
                ExternalCommand.run(
                    List.of("sh", "-c", "echo sore throat; exit 3"),
                    folder,
                    Duration.ofSeconds(5),
                    ""))
        .isInstanceOf(TrainingException.class)
        .hasMessage("sh: expected exit status 0, found 3: sore throat");
  }

  @Test
  void aProgramMayTalkWithoutEnd() {
    assertThatThrownBy(
            () ->
                ExternalCommand.run(
                    List.of("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; exit 1"),
                    folder,
                    Duration.ofSeconds(20),
                    ""))
        .isInstanceOf(TrainingException.class)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(2_100));
  }
}
