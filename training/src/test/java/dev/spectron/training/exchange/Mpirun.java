package dev.spectron.training.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of the tests as ranks of their own, started by the installed Open MPI. */
public final class Mpirun {
  private static final long SECONDS = 240;

  private Mpirun() {}

  /**
   * What became of the ranks.
   *
   * @param code exit status of {@code mpirun}
   * @param text all that they wrote
   */
  public record Outcome(int code, String text) {}

  /** Runs {@code main} of a class on every rank. */
  public static Outcome run(int ranks, Path folder, Class<?> program, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("mpirun", "-n", "" + ranks, "--oversubscribe", "--bind-to", "none"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path out = Files.createTempFile(folder, "mpirun", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
    environment.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    environment.put("OMPI_MCA_mpi_yield_when_idle", "1");
    environment.put("OMPI_MCA_btl", "self,vader,tcp");
    environment.put("OMPI_MCA_btl_vader_single_copy_mechanism", "none");
    environment.put("OPT_OUT_TRACKING", "true");
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      String text = Files.readString(out, StandardCharsets.UTF_8);
      return new Outcome(ended ? process.exitValue() : -1, text);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
