package dev.spectron.cli;

import dev.spectron.training.exchange.GradientExchange;
import dev.spectron.training.exchange.OpenMpi;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** Whether this process is one of several that train together, and how they talk. */
final class RankChoice {
  /** Who says how many ranks were started: mpirun, and srun through PMIx. */
  private static final String MPIRUN = "OMPI_COMM_WORLD_SIZE";

  private static final String PMIX = "PMIX_RANK";
  private static final String SLURM = "SLURM_STEP_NUM_TASKS";

  @Option(
      names = "--exchange",
      paramLabel = "NAME",
      description = {
        "How ranks that train together talk: ${COMPLETION-CANDIDATES}. auto, the default, is mpi in",
        "a process that mpirun or srun --mpi=pmix started as one of several, else none."
      })
  private Kind kind = Kind.AUTO;

  /** Names of the option's values. */
  enum Kind {
    AUTO,
    NONE,
    MPI;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Joins the other ranks, if there are any. */
  GradientExchange join() {
    return join(System.getenv());
  }

  private GradientExchange join(Map<String, String> environment) {
    return switch (kind) {
      case NONE -> GradientExchange.alone();
      case MPI -> OpenMpi.join();
      case AUTO -> isOneOfSeveral(environment) ? OpenMpi.join() : GradientExchange.alone();
    };
  }

  private static boolean isOneOfSeveral(Map<String, String> environment) {
    String ranks =
        environment.getOrDefault(
            MPIRUN, environment.containsKey(PMIX) ? environment.getOrDefault(SLURM, "1") : "1");
    return !ranks.equals("1");
  }
}
