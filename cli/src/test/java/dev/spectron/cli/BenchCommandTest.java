package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed, not how fast it is. */
class BenchCommandTest {
  @Test
  void everyStageIsMeasuredBesideTheMachine() {
    List<Object> arguments =
        new ArrayList<>(List.of("bench", "--random-weights", "spectron-micro", "--format", "int4"));
    arguments.addAll(
        List.of("--prompt", 0.4, "--text", 2, "--speech", 0.5, "--rounds", 2, "--json"));
    Run run = Run.of(arguments.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, Object> report = Json.parse("out", run.out());
    assertThat(report.get("model")).isEqualTo("spectron-micro int4");
    Map<?, ?> machine = (Map<?, ?>) report.get("machine");
    assertThat(((Number) machine.get("read_gigabytes_per_second")).doubleValue()).isPositive();
    assertThat(((Number) machine.get("gigaflops")).doubleValue()).isPositive();
    List<?> stages = (List<?>) report.get("stages");
    assertThat(stages)
        .extracting(stage -> ((Map<?, ?>) stage).get("name"))
        .isEqualTo(List.of("encode", "prefill", "text", "frames", "vocoder"));
    assertThat(stages)
        .allSatisfy(stage -> assertThat((List<?>) ((Map<?, ?>) stage).get("seconds")).hasSize(2));
  }

  @Test
  void severalFramesAStepTakeFewerSteps() {
    Run run =
        Run.of(
            "bench",
            "--random-weights",
            "spectron-micro",
            "--reduction-factor",
            4,
            "--prompt",
            0.4,
            "--text",
            2,
            "--speech",
            0.5,
            "--rounds",
            1,
            "--json");
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, Object> report = Json.parse("out", run.out());
    assertThat(report.get("model")).isEqualTo("spectron-micro, 4 frames a step");
    Map<?, ?> frames = (Map<?, ?>) ((List<?>) report.get("stages")).get(3);
    assertThat(((Number) frames.get("steps")).intValue()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({
    "--format int4, --format packs random weights",
    "--long-audio 1;2;3, --long-audio: expected four numbers",
    "--long-audio 1;-2;3;4, expected sizes of 0 to",
    "--random-weights toy --model x, expected --model or --random-weights",
    "--reduction-factor 2, --reduction-factor is for random weights",
    "--random-weights toy --reduction-factor 17, expected --reduction-factor of 1 to 16",
    "--rounds 0, expected a prompt of 0.1 to 600 s",
    "--speech NaN, expected a prompt of 0.1 to 600 s"
  })
  void aWrongCommandLineIsRefusedBeforeAnythingIsMeasured(String options, String message) {
    List<Object> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(List.of(options.replace(';', ',').split(" ")));
    Run run = Run.of(arguments.toArray());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }
}
