package dev.spectron.training.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The batch script in a real shell, with Slurm's commands played by small programs. */
class SlurmScriptTest {
  @TempDir private Path folder;
  private Path run;
  private Path script;

  @BeforeEach
  void writePrograms() throws IOException {
    run = folder.resolve("the run");
    Launch launch =
        new Launch(
            Jobs.of(run, "\"scheduler\": \"slurm\", \"restarts\": 1, \"time_limit_minutes\": 5,"),
            List.of("spectron"));
    script = run.resolve("launch/job.sbatch");
    Files.createDirectories(script.getParent());
    Files.writeString(script, launch.plan().files().get(script));
    program("scontrol", "echo \"$@\" >> requeued");
  }

  @Test
  void aRunThatIsDoneIsNotRequeued() throws Exception {
    program("srun", "exit 0");
    assertThat(start().waitFor()).isZero();
    assertThat(folder.resolve("requeued")).doesNotExist();
  }

  @Test
  void theWarningOfTheTimeLimitBecomesARequestToStop() throws Exception {
    program("srun", "touch started; until [[ -e 'the run/stop' ]]; do sleep 0.05; done; exit 75");
    Process process = start();
    while (!Files.exists(folder.resolve("started"))) {
      Thread.onSpinWait();
    }
    new ProcessBuilder("kill", "-USR1", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(folder.resolve("requeued")).hasContent("requeue 7");
  }

  @Test
  void aRunThatWasCancelledIsNotRequeued() throws Exception {
    Files.writeString(run.resolve("launch/cancelled"), "");
    program("srun", "exit 75");
    assertThat(start().waitFor()).isZero();
    assertThat(folder.resolve("requeued")).doesNotExist();
  }

  @Test
  void failuresAreCountedUntilItGivesUp() throws Exception {
    program("srun", "exit 9");
    assertThat(start().waitFor()).isZero();
    assertThat(folder.resolve("requeued")).hasContent("requeue 7");
    assertThat(start().waitFor()).isEqualTo(9);
    assertThat(folder.resolve("requeued")).hasContent("requeue 7");
    assertThat(run.resolve("launch/log"))
        .content()
        .contains("launch: given up after 2 failures, the last with exit status 9");
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(run.resolve("launch/log").toFile()));
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    builder.environment().put("SLURM_JOB_ID", "7");
    return builder.start();
  }

  private void program(String name, String body) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
