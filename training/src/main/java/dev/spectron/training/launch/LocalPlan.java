package dev.spectron.training.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One process on this machine, or several there or on named hosts under Open MPI. */
final class LocalPlan {
  private LocalPlan() {}

  /**
   * The plan.
   *
   * @param program runs this program
   */
  static JobPlan of(JobSpec job, List<String> program) {
    List<String> command = new ArrayList<>();
    Map<Path, String> files = new LinkedHashMap<>();
    Map<String, String> environment = new LinkedHashMap<>(job.environment());
    if (job.ranks() > 1) {
      command.addAll(List.of("mpirun", "-n", Integer.toString(job.ranks())));
      command.addAll(List.of("--map-by", "slot:PE=" + job.cpusPerRank(), "--bind-to", "none"));
      if (job.hosts().isEmpty()) {
        command.add("--oversubscribe");
      } else {
        Path hostFile = job.outFolder().resolve("launch").resolve("hosts");
        files.put(
            hostFile,
            job.hosts().stream()
                .map(host -> host + " slots=" + job.ranksPerNode() * job.cpusPerRank() + "\n")
                .collect(Collectors.joining()));
        command.addAll(List.of("--hostfile", hostFile.toString()));
      }
      job.environment().keySet().stream()
          .sorted()
          .forEach(key -> command.addAll(List.of("-x", key)));
      environment.put("OMPI_MCA_mpi_yield_when_idle", "1");
    }
    command.addAll(program);
    command.addAll(job.arguments());
    if (job.setup().isEmpty()) {
      return new JobPlan(files, command, environment);
    }
    String script = String.join("\n", job.setup()) + "\nexec " + Shell.line(command) + "\n";
    return new JobPlan(files, List.of("bash", "-euc", script), environment);
  }
}
