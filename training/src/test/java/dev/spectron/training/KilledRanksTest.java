package dev.spectron.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.exchange.Mpirun;
import dev.spectron.training.run.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, really killed. */
class KilledRanksTest {
  private static final String LAST = "checkpoint-%08d".formatted(RankProgram.STEPS);

  @TempDir private Path folder;

  @Test
  void aKilledRunGoesOnToTheSameBits() throws Exception {
    Path corpus = folder.resolve("corpus");
    ToneCorpus.render(corpus, 8).close();
    Path whole = folder.resolve("whole");
    Path cut = folder.resolve("cut");
    Mpirun.Outcome uninterrupted = Mpirun.run(2, folder, RankProgram.class, corpus, whole);
    assertThat(uninterrupted.code()).as(uninterrupted.text()).isZero();
    Mpirun.Outcome killed = Mpirun.run(2, folder, RankProgram.class, corpus, cut, "killed");
    assertThat(killed.code()).as(killed.text()).isPositive();
    assertThat(Checkpoint.latest(cut)).get().isNotEqualTo(cut.resolve(LAST));
    Mpirun.Outcome resumed = Mpirun.run(2, folder, RankProgram.class, corpus, cut);
    assertThat(resumed.code()).as(resumed.text()).isZero();
    for (String file :
        new String[] {
          "weights.safetensors",
          "moments-00000-of-00002.safetensors",
          "moments-00001-of-00002.safetensors"
        }) {
      assertThat(Files.readAllBytes(cut.resolve(LAST).resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(whole.resolve(LAST).resolve(file)));
    }
  }
}
