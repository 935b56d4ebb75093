package dev.spectron.training.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobPlanTest {
  private static final List<String> PROGRAM = List.of("spectron");

  @Test
  void oneRankNeedsNoMpi() {
    JobPlan plan = plan("\"scheduler\": \"local\", \"from\": \"/m\",");
    assertThat(plan.command())
        .containsExactly(
            "spectron", "train", "/r.json", "--corpus", "/corpus", "--out", "/run", "--from", "/m");
    assertThat(plan.files()).isEmpty();
  }

  @Test
  void ranksOfOneMachineAreStartedByMpirun() {
    JobPlan plan = plan("\"scheduler\": \"local\", \"ranks_per_node\": 3, \"cpus_per_rank\": 2,");
    assertThat(plan.text())
        .isEqualTo(
            "OMPI_MCA_mpi_yield_when_idle=1 mpirun -n 3 --map-by slot:PE=2 --bind-to none"
                + " --oversubscribe spectron train /r.json --corpus /corpus --out /run\n");
  }

  @Test
  void hostsAndEnvironmentGoToMpirun() {
    JobPlan plan =
        plan(
            "\"scheduler\": \"local\", \"nodes\": 2, \"ranks_per_node\": 4, \"hosts\": [\"a\","
                + " \"b\"], \"environment\": {\"LIST\": \"it's $(here)\"}, \"setup\": [\"module load"
                + " x\"],");
    assertThat(plan.files()).containsEntry(Path.of("/run/launch/hosts"), "a slots=4\nb slots=4\n");
    assertThat(plan.environment()).containsEntry("LIST", "it's $(here)");
    assertThat(plan.command())
        .containsExactly(
            "bash",
            "-euc",
            "module load x\n"
                + "exec mpirun -n 8 --map-by slot:PE=1 --bind-to none --hostfile /run/launch/hosts"
                + " -x LIST spectron train /r.json --corpus /corpus --out /run\n");
    assertThat(plan.text()).contains("LIST='it'\\''s $(here)'");
  }

  @Test
  void slurmGetsABatchScript() {
    JobPlan plan =
        plan(
            "\"scheduler\": \"slurm\", \"nodes\": 2, \"ranks_per_node\": 8, \"cpus_per_rank\": 6,"
                + " \"gpus_per_rank\": 1, \"memory_gb_per_rank\": 90, \"time_limit_minutes\": 240,"
                + " \"slurm\": {\"partition\": \"gpu a\"}, \"environment\": {\"A\": \"b c\"},");
    assertThat(plan.command()).containsExactly("sbatch", "--parsable", "/run/launch/job.sbatch");
    assertThat(plan.files().get(Path.of("/run/launch/job.sbatch")))
        .startsWith(
            """
            #!/bin/bash
            #SBATCH --job-name=tones
            #SBATCH --nodes=2
            #SBATCH --ntasks-per-node=8
            #SBATCH --cpus-per-task=6
            #SBATCH --gpus-per-task=1
            #SBATCH --mem=720G
            #SBATCH --time=240
            #SBATCH --signal=B:USR1@180
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --output=/run/launch/log
            #SBATCH --partition='gpu a'
            set -uo pipefail
            export A='b c'
            """)
        .contains(
            "srun --mpi=pmix --kill-on-bad-exit=1 spectron train /r.json --corpus /corpus --out"
                + " /run &\n");
  }

  private static JobPlan plan(String more) {
    return new Launch(Jobs.of(Path.of("/run"), more), PROGRAM).plan();
  }
}
