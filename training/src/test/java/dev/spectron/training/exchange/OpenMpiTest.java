package dev.spectron.training.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMpiTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void sumsAndCopiesAreRightInEveryPiece(int ranks) throws Exception {
    Mpirun.Outcome outcome = Mpirun.run(ranks, folder, SumProgram.class);
    assertThat(outcome.code()).as(outcome.text()).isZero();
    for (int rank = 0; rank < ranks; rank++) {
      assertThat(outcome.text()).contains("ok " + rank + " of " + ranks + " Open MPI v");
    }
  }

  @Test
  void aRankThatGivesUpEndsTheOthersToo() throws Exception {
    Mpirun.Outcome outcome = Mpirun.run(3, folder, SumProgram.class, 1);
    assertThat(outcome.code()).as(outcome.text()).isPositive();
    assertThat(outcome.text()).contains("rank 1 gives up").doesNotContain("ok ");
  }

  @Test
  void aMissingLibraryIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> OpenMpi.join(List.of("libnothing.so.1")))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "open mpi: expected one of [libnothing.so.1], found none; install Open MPI (Debian:"
                + " openmpi-bin) and start the ranks with its mpirun");
  }

  @Test
  void anotherLibraryIsRefused() {
    assertThatThrownBy(() -> OpenMpi.join(List.of("libm.so.6")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(
            "expected the symbol ompi_mpi_comm_world, found a library without it");
  }
}
