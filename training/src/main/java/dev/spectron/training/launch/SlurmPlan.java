package dev.spectron.training.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A batch script: ranks through {@code srun} and PMIx, stopped with a checkpoint ahead of the time
 * limit, and requeued until they are done or have failed too often.
 */
final class SlurmPlan {
  /** Seconds before the time limit in which a checkpoint must be on disk. */
  private static final int WARNING = 180;

  private SlurmPlan() {}

  /**
   * The plan.
   *
   * @param program runs this program
   */
  static JobPlan of(JobSpec job, List<String> program) {
    Path folder = job.outFolder().resolve("launch");
    Path script = folder.resolve("job.sbatch");
    return new JobPlan(
        Map.of(script, script(job, program, folder)),
        List.of("sbatch", "--parsable", script.toString()),
        Map.of());
  }

  private static String script(JobSpec job, List<String> program, Path folder) {
    List<String> lines = new ArrayList<>();
    lines.add("#!/bin/bash");
    options(job, folder).forEach(option -> lines.add("#SBATCH --" + option));
    lines.add("set -uo pipefail");
    job.environment().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> lines.add("export %s=%s".formatted(e.getKey(), Shell.quoted(e.getValue()))));
    lines.addAll(job.setup());
    List<String> ranks = new ArrayList<>(List.of("srun", "--mpi=pmix", "--kill-on-bad-exit=1"));
    ranks.addAll(program);
    ranks.addAll(job.arguments());
    lines.add(
        """
        stop=%s
        failures=%s
        # Ahead of the time limit: a checkpoint, and to the end of the queue.
        trap 'touch "$stop"' USR1
        %s &
        code=138
        while ((code == 138)); do # the signal ends the wait, not the ranks
          wait $! && code=0 || code=$?
        done
        if ((code == 0)); then exit 0; fi
        if ((code != %d)); then
          count=$(($(cat "$failures" 2> /dev/null || echo 0) + 1))
          echo "$count" > "$failures"
          if ((count > %d)); then
            echo "launch: given up after $count failures, the last with exit status $code" >&2
            exit "$code"
          fi
        elif [[ -e %s ]]; then
          exit 0
        fi
        scontrol requeue "$SLURM_JOB_ID"\
        """
            .formatted(
                Shell.quoted(job.outFolder().resolve("stop").toString()),
                Shell.quoted(folder.resolve("failures").toString()),
                Shell.line(ranks),
                Launch.STOPPED,
                job.restarts(),
                Shell.quoted(folder.resolve("cancelled").toString())));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> options(JobSpec job, Path folder) {
    List<String> options = new ArrayList<>();
    options.add("job-name=" + job.name());
    options.add("nodes=" + job.nodes());
    options.add("ntasks-per-node=" + job.ranksPerNode());
    options.add("cpus-per-task=" + job.cpusPerRank());
    if (job.gpusPerRank() > 0) {
      options.add("gpus-per-task=" + job.gpusPerRank());
    }
    if (job.memoryGbPerRank() > 0) {
      options.add("mem=%dG".formatted(job.memoryGbPerRank() * job.ranksPerNode()));
    }
    if (job.timeLimitMinutes() > 0) {
      options.add("time=" + job.timeLimitMinutes());
      options.add("signal=B:USR1@" + WARNING);
    }
    options.add("requeue");
    options.add("open-mode=append");
    options.add("output=" + Shell.quoted(folder.resolve("log").toString()));
    job.slurm().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> options.add(e.getKey() + "=" + Shell.quoted(e.getValue())));
    return options;
  }
}
