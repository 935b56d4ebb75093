package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the embedded model: the toy's matrices are too small to be packed. */
class QuantizeCommandTest {
  private static final Path QUESTION = Path.of("../samples/questions/capital-of-france.wav");

  @TempDir private Path folder;

  @Test
  void aQuarterOfTheBitsGivesTheSameAnswer() {
    Path out = folder.resolve("int4");
    Run run = Run.of("quantize", "--format", "int4", "--out", out, "--json", QUESTION);
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, Object> report = Json.parse("out", run.out());
    Map<?, ?> effect = (Map<?, ?>) report.get("effect");
    assertThat(((Number) effect.get("same_text")).doubleValue()).isEqualTo(1);
    assertThat(((Number) effect.get("frames")).doubleValue()).isBetween(1e-6, 0.1);
    List<?> tensors = (List<?>) report.get("tensors");
    assertThat(tensors).hasSizeGreaterThan(100);

    Run answer = Run.of("answer", QUESTION, "--model", out);
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out()).contains("the capital of france is paris");
    Run inspected = Run.of("inspect", out);
    assertThat(inspected.out()).contains("int4", "int8", "\"packing\" : \"int4\"");
  }

  @Test
  void aPackedModelIsNotPackedAgain() {
    Path out = folder.resolve("int8");
    assertThat(Run.of("quantize", "--format", "int8", "--out", out).code()).isZero();
    Path again = folder.resolve("again");
    Run run = Run.of("quantize", "--format", "int4", "--model", out, "--out", again);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("expected a model that is not packed yet, found INT8; start from the original");
    assertThat(Files.exists(again)).isFalse();
  }
}
