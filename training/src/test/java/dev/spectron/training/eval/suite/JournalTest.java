package dev.spectron.training.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final List<Line> LINES =
      List.of(new Line("one"), new Line("zwölf"), new Line(""), new Line("four\nfive"));

  @TempDir private Path folder;
  private Path file;

  record Line(String text) {}

  @BeforeEach
  void name() {
    file = folder.resolve("lines.jsonl");
  }

  @Test
  void whereverItIsCutTheWholeLinesStayAndTheRestIsWrittenAgain() throws IOException {
    write(LINES);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length <= whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      Files.write(file, cut);
      int lines =
          (int) new String(cut, StandardCharsets.ISO_8859_1).chars().filter(c -> c == '\n').count();
      List<Line> kept = new ArrayList<>();
      try (Journal<Line> journal = Journal.open(file, Line.class, kept::add)) {
        assertThat(kept).isEqualTo(LINES.subList(0, lines));
        LINES.subList(lines, LINES.size()).forEach(journal::add);
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  @Test
  void aLongCutLineIsDroppedToo() throws IOException {
    write(LINES);
    byte[] whole = Files.readAllBytes(file);
    byte[] more = Arrays.copyOf(whole, whole.length + 200_000);
    Arrays.fill(more, whole.length, more.length, (byte) 'x');
    Files.write(file, more);
    List<Line> kept = new ArrayList<>();
    Journal.open(file, Line.class, kept::add).close();
    assertThat(kept).isEqualTo(LINES);
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
  }

  @Test
  void aLineOfSomethingElseIsNamed() throws IOException {
    Files.writeString(file, "{\"text\":\"a\"}\n{\"test\":\"b\"}\n");
    assertThatThrownBy(() -> Journal.open(file, Line.class, _ -> {}))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "lines.jsonl: line 2: text: missing key; found test; delete the line in "
                + file
                + ", and it is measured again");
  }

  private void write(List<Line> lines) {
    try (Journal<Line> journal = Journal.open(file, Line.class, _ -> {})) {
      lines.forEach(journal::add);
    }
  }
}
