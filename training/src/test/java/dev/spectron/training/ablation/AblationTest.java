package dev.spectron.training.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.TrainingException;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import dev.spectron.training.corpus.ToneCorpus;
import dev.spectron.training.eval.TeacherForced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationTest {
  private static final AblationPlan PLAN = ToyPlan.of();

  @TempDir private Path folder;
  private Path corpus;

  @BeforeEach
  void render() {
    corpus = folder.resolve("corpus");
    ToneCorpus.render(corpus, 6).close();
  }

  @Test
  void everyVariantIsTrainedAndMeasuredAlike() throws IOException {
    Path out = folder.resolve("out");
    Steps steps = new Steps(Integer.MAX_VALUE);
    AblationReport report = run(PLAN, out, steps);

    assertThat(out.resolve("pretraining").toFile().list())
        .containsExactlyInAnyOrder("text", "text-encoder", "encoder");
    assertThat(steps.taken).hasSize(3 * 2 + 6 * 2);
    assertThat(report.results())
        .extracting(result -> result.training().steps())
        .containsOnly(2L)
        .hasSize(6);
    assertThat(report.results())
        .extracting(result -> result.pretraining().steps())
        .containsExactly(4L, 4L, 4L, 2L, 2L, 4L);
    VariantResult whole = report.results().getFirst();
    for (VariantResult result : report.results()) {
      assertThat(result.teacherForced())
          .extracting(TeacherForced::id)
          .containsExactlyElementsOf(
              whole.teacherForced().stream().map(TeacherForced::id).toList());
      assertThat(result.teacherForced()).allMatch(item -> item.overTime() > 0);
      assertThat(result.answers().items()).hasSize(2);
      assertThat(result.parameters() - whole.parameters())
          .isEqualTo(result.variant().preNetBottleneck() ? 0 : (48 - 16) * (40 + 1 + 48));
    }
    assertThat(report.results().stream().map(VariantResult::teacherForced).distinct()).hasSize(6);

    assertThat(Files.readString(out.resolve("ablation.md"))).isEqualTo(report.markdown());
    assertThat(Json.read(out.resolve("ablation.json"), AblationReport.class)).isEqualTo(report);
    assertThat(report.markdown().lines().findFirst().orElseThrow())
        .isEqualTo(
            "| figure (95 % interval) | whole | no-derivative-losses | no-text-cross-entropy |"
                + " no-encoder-pretraining | no-text-pretraining | no-bottleneck |");
    assertThat(ImageIO.read(out.resolve("loss.png").toFile()).getHeight()).isEqualTo(1000);
  }

  @Test
  void aStoppedPlanGoesOnToTheSameTable() {
    AblationPlan plan = new AblationPlan(PLAN.recipe(), PLAN.variants().subList(0, 2), 3, 2);
    AblationReport straight = run(plan, folder.resolve("straight"), new Steps(Integer.MAX_VALUE));
    Path out = folder.resolve("stopped");
    Steps until = new Steps(7);
    assertThatThrownBy(() -> run(plan, out, until)).hasMessage("stopped by the test");
    assertThat(out.resolve("variants/whole/result.json")).exists();
    assertThat(out.resolve("variants/no-derivative-losses/result.json")).doesNotExist();
    Steps after = new Steps(Integer.MAX_VALUE);
    AblationReport resumed = run(plan, out, after);
    assertThat(after.taken).containsOnly("no-derivative-losses");
    assertThat(table(resumed)).isEqualTo(table(straight));

    Steps again = new Steps(Integer.MAX_VALUE);
    assertThat(run(plan, out, again)).isEqualTo(resumed);
    assertThat(again.taken).isEmpty();
  }

  @Test
  void aFolderOfAnotherPlanIsRefused() {
    Path out = folder.resolve("out");
    AblationPlan plan = new AblationPlan(PLAN.recipe(), PLAN.variants().subList(0, 1), 3, 2);
    assertThatThrownBy(() -> run(plan, out, new Steps(0))).hasMessage("stopped by the test");
    assertThatThrownBy(() -> run(PLAN, out, new Steps(0)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            out.resolve("plan.json")
                + ": expected the plan given, found another; name another folder");
  }

  /** What does not depend on the clock. */
  private static List<String> table(AblationReport report) {
    return report.markdown().lines().filter(line -> !line.startsWith("| seconds")).toList();
  }

  private AblationReport run(AblationPlan plan, Path out, Steps steps) {
    Ablation.Options options =
        new Ablation.Options(
            () -> DjlBackend.open(DjlOptions.answering().withThreads(1)), false, 1);
    return new Ablation(plan, out, options, steps).run(corpus);
  }

  /** Counts the steps taken, and stops after some. */
  private static final class Steps implements Ablation.Listener {
    private final int most;
    private final List<String> taken = new ArrayList<>();
    private String last = "";

    Steps(int most) {
      this.most = most;
    }

    @Override
    public void trained(String run, long step, long steps) {
      boolean repeated = last.equals(run + step);
      boolean found = step == steps && !last.startsWith(run);
      last = run + step;
      if (!repeated && !found) {
        if (taken.size() == most) {
          throw new IllegalStateException("stopped by the test");
        }
        taken.add(run);
      }
    }

    @Override
    public void measured(String variant, int done, int items) {}
  }
}
