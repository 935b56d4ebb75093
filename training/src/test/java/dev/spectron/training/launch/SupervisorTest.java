package dev.spectron.training.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  @TempDir private Path run;
  private final List<String> heard = new ArrayList<>();
  private final Supervisor.Listener listener =
      new Supervisor.Listener() {
        @Override
        public void started(int attempt) {
          heard.add("started " + attempt);
        }

        @Override
        public void heard(Heartbeat beat) {
          heard.add("step " + beat.steps());
        }

        @Override
        public void failed(String reason) {
          heard.add(reason);
        }
      };

  @Test
  void ranksThatFailAreStartedAgain() {
    Supervisor.Outcome outcome = supervise("", "echo x >> n; (($(wc -l < n) >= 3))");
    assertThat(outcome).isEqualTo(new Supervisor.Outcome(false, 3));
    assertThat(heard)
        .containsExactly(
            "started 1",
            "ended with exit status 1",
            "started 2",
            "ended with exit status 1",
            "started 3");
  }

  @Test
  void itGivesUpWithTheReasonAndTheLog() {
    assertThatThrownBy(() -> supervise("\"restarts\": 1,", "echo no disk; exit 7"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "launch: tones: given up after 2 attempts; the last one ended with exit status 7; see "
                + run.resolve("launch/log"));
    assertThat(run.resolve("launch/log")).hasContent("no disk\nno disk");
  }

  @Test
  void ranksThatGoQuietAreKilledAndStartedAgain() {
    String beat = "{\\\"steps\\\": 1, \\\"steps_in_all\\\": 2, \\\"loss\\\": 1, \\\"millis\\\": 5}";
    Supervisor.Outcome outcome =
        supervise(
            "\"heartbeat_seconds\": 1,",
            "echo x >> n; (($(wc -l < n) < 2)) || exit 0; echo \""
                + beat
                + "\" > heartbeat.json;"
                + " sleep 1000");
    assertThat(outcome.attempts()).isEqualTo(2);
    assertThat(heard).containsExactly("started 1", "step 1", "no step for 1 s", "started 2");
    assertThat(ProcessHandle.current().descendants().map(p -> p.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains("sleep 1000"));
  }

  @Test
  void ranksThatWereAskedToStopStayStopped() {
    assertThat(supervise("", "exit 75")).isEqualTo(new Supervisor.Outcome(true, 1));
  }

  @Test
  void aMissingProgramIsNamed() {
    Launch launch =
        new Launch(Jobs.of(run, "\"scheduler\": \"local\","), List.of("/no/such/program"));
    assertThatThrownBy(() -> launch.supervise(listener))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("/no/such/program: expected an installed program");
  }

  @Test
  void cancelStatusAndLogAreFiles() throws Exception {
    Launch launch = new Launch(Jobs.of(run, "\"scheduler\": \"local\","), List.of("true"));
    assertThatThrownBy(launch::log).hasMessageEndingWith("launch the job first");
    assertThat(launch.status()).isEqualTo("tones: runs where it was launched; no step taken yet");
    new Heartbeat(3, 9, 0.5, System.currentTimeMillis() - 4_500).write(run);
    Files.createDirectories(run.resolve("launch"));
    Files.writeString(run.resolve("launch/log"), "x".repeat(20_000) + "end\n");
    assertThat(launch.status()).endsWith("; step 3 of 9, loss 0.500, 4 s ago");
    assertThat(launch.log()).hasSize(16_384).endsWith("xend\n");
    launch.cancel();
    assertThat(Heartbeat.isStopRequested(run)).isTrue();
  }

  private Supervisor.Outcome supervise(String more, String script) {
    JobSpec job = Jobs.of(run, "\"scheduler\": \"local\", " + more);
    return new Launch(job, List.of("bash", "-c", "cd " + run + "; " + script, "bash"))
        .supervise(listener);
  }
}
