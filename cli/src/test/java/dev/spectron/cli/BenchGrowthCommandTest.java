package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.Json;
import dev.spectron.spokenlm.bench.ResidentMemory;
import dev.spectron.spokenlm.bench.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed and drawn, not how much it costs. */
class BenchGrowthCommandTest {
  @TempDir Path folder;

  @Test
  void everyLengthIsMeasuredInItsOwnProcessAndALengthTooLongIsToldAmongTheOthers()
      throws IOException {
    Path plot = folder.resolve("growth.png");
    Run run = run("--questions", "0.2,90", "--answers", "0.2", "--json", "--plot", plot);
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, Object> report = Json.parse("out", run.out());
    assertThat(report.get("model")).isEqualTo("toy on reference");
    List<?> questions = (List<?>) report.get("questions");
    List<?> answers = (List<?>) report.get("answers");
    assertThat(questions.getFirst()).isEqualTo(answers.getFirst());
    Map<?, ?> refused = (Map<?, ?>) questions.get(1);
    assertThat(refused.get("seconds")).isNull();
    assertThat(refused.get("failure").toString())
        .startsWith("conformer: question of 1800 encoder frames: expected at most 100");
    for (Object point : answers) {
      Map<?, ?> fields = (Map<?, ?>) point;
      assertThat(((Map<?, ?>) fields.get("stages")).keySet().stream().map(Object::toString))
          .containsExactly("encode", "prefill", "text", "frames", "vocoder");
      if (!ResidentMemory.ofThisProcess().isEmpty()) {
        long loaded = ((Number) fields.get("loaded_resident_bytes")).longValue();
        long peak = ((Number) fields.get("peak_resident_bytes")).longValue();
        assertThat(loaded).isBetween(10_000_000L, peak);
      }
    }
    assertThat(ImageIO.read(plot.toFile()).getHeight()).isEqualTo(800);
  }

  @Test
  void aTableIsForPeople() {
    Workload workload = new Workload(30, 1, 3, 1);
    String report =
        """
        {"model": "m on cpu", "stages": {"encode": 1.5, "frames": 20.25}, "loaded": 1000000000,
         "peak": 2500000000}
        """;
    GrowthPoint point = GrowthPoint.of(workload, new OwnProcess.Outcome(report, ""));
    assertThat(point.line())
        .isEqualTo("    30.0      3.0      1.50     20.25     21.75     1,000     2,500");
    GrowthPoint failed = GrowthPoint.of(workload, new OwnProcess.Outcome("", "too long"));
    assertThat(failed.line()).isEqualTo("    30.0      3.0 failed: too long");
  }

  @Test
  void aWrongLengthIsRefusedBeforeAnythingIsMeasured() {
    Run run = run("--questions", "3,-1");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("expected a prompt of 0.1 to 600 s")
        .contains("bench-growth --help");
  }

  private static Run run(Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("bench-growth", "--random-weights", "toy"));
    arguments.addAll(List.of("--backend", "reference", "--text", "1", "--held", "0.2"));
    arguments.addAll(List.of("--long-audio", "100,0,0,0"));
    arguments.addAll(List.of(options));
    return Run.of(arguments.toArray());
  }
}
