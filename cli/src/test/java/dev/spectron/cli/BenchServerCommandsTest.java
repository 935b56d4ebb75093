package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured of the server and how it is told, not how fast it is. */
class BenchServerCommandsTest {
  private static final Object[] TOY = {"--random-weights", "toy", "--backend", "reference"};

  @TempDir private Path folder;

  @Test
  void callersWaitAndTheirTimesAreInOrder() throws IOException {
    Path report = folder.resolve("latency.json");
    Path markdown = folder.resolve("latency.md");
    Run run =
        run(
            "bench-latency",
            "--items",
            "4",
            "--warm-up",
            "1",
            "--sessions",
            "1,2",
            "--report",
            report,
            "--markdown",
            markdown);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(Files.readString(markdown));
    assertThat(run.lines()).hasSize(6);
    assertThat(run.lines().get(5)).startsWith("| 2 | 4 | ");
    List<?> measured = (List<?>) Json.parse("report", Files.readString(report)).get("measured");
    for (Object of : measured) {
      List<?> replies = (List<?>) ((Map<?, ?>) of).get("replies");
      assertThat(replies).hasSize(4);
      for (Object reply : replies) {
        Map<?, ?> fields = (Map<?, ?>) reply;
        assertThat(milliseconds(fields, "first_text"))
            .isPositive()
            .isLessThanOrEqualTo(milliseconds(fields, "done"));
        assertThat(milliseconds(fields, "first_audio"))
            .isLessThanOrEqualTo(milliseconds(fields, "done"));
      }
    }
  }

  private static double milliseconds(Map<?, ?> fields, String key) {
    return ((Number) fields.get(key)).doubleValue();
  }

  @Test
  void nothingPilesUpWhileAnswersAreMadeAndCancelled() throws IOException {
    Path report = folder.resolve("soak.json");
    Path plot = folder.resolve("soak.png");
    Run run =
        run(
            "bench-soak",
            "--answers",
            "120",
            "--minutes",
            "0",
            "--max-speech-frames",
            "20",
            "--most-drift",
            "500",
            "--report",
            report,
            "--plot",
            plot);
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, Object> fields = Json.parse("report", Files.readString(report));
    Map<?, ?> outcomes = (Map<?, ?>) fields.get("outcomes");
    assertThat(((Number) outcomes.get("cancelled")).intValue()).isBetween(5, 60);
    assertThat(outcomes.values().stream().mapToInt(n -> ((Number) n).intValue()).sum())
        .isEqualTo(120);
    assertThat(fields).containsEntry("sessions", 0).containsEntry("waiting", 0);
    assertThat((List<?>) fields.get("samples")).hasSize(120);
    assertThat(ImageIO.read(plot.toFile()).getHeight()).isEqualTo(800);
  }

  @Test
  void whatPilesUpIsNamed() {
    Holdings before = new Holdings(10, 10, 100_000_000, 10_000_000, 20, 30);
    Holdings after = new Holdings(110, 100, 200_000_000, 40_000_000, 30, 40);
    List<Holdings> growing =
        IntStream.range(0, 101)
            .mapToObj(i -> new Holdings(10 + i, i, 100_000_000 + i * 1_000_000L, 0, 20, 30))
            .toList();
    SoakReport report =
        new SoakReport("m", "cpu", Map.of("failed", 1), growing, before, after, 2, 1);
    assertThat(report.leaks(32))
        .containsExactly(
            "sessions at the end: expected at most 0, found 2",
            "questions in the line at the end: expected at most 0, found 1",
            "threads: expected at most 24, found 30",
            "open files: expected at most 34, found 40",
            "bytes of live objects: expected at most 26000000, found 40000000",
            "megabytes of drift: expected at most 32, found 100",
            "answers: expected to be answered or cancelled, found failed");
    assertThat(report.trend().megabytesAnHour()).isBetween(3599.9, 3600.1);
    assertThat(report.trend().noise()).isLessThan(1e-6);
    SoakReport quiet =
        new SoakReport(
            "m",
            "cpu",
            Map.of("completed", 1),
            Collections.nCopies(3, before),
            before,
            before,
            0,
            0);
    assertThat(quiet.leaks(32))
        .containsExactly("megabytes of drift: expected at most 32, found NaN");
  }

  private Run run(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(TOY));
    all.add(Recordings.tone(folder, "q.wav"));
    return Run.of(all.toArray());
  }
}
