package dev.spectron.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** R16: what the README says of the modules. */
class ReadmeTest {
  @Test
  void theReadmeMapsEveryModule() throws IOException {
    Checkout checkout = Checkout.current();
    String readme = Files.readString(checkout.root().resolve("README.md"));
    List<String> modules =
        checkout.poms().stream()
            .filter(pom -> pom.modules().isEmpty())
            .map(pom -> checkout.root().relativize(pom.folder()).toString())
            .sorted()
            .toList();
    assertThat(mapped(readme)).containsExactlyElementsOf(modules);
    assertThat(
            mapped(
                "| folder | holds |\n|---|---|\n| `one` | a |\n| `two/three` | b |\n\n| `four` |"))
        .containsExactly("one", "two/three");
  }

  /** The folders of the table whose head starts with the word folder, sorted. */
  private static List<String> mapped(String readme) {
    Pattern row = Pattern.compile("(?m)^\\| \\[?`([\\w/-]+)/?`");
    return Pattern.compile("(?m)^\\| folder \\|.*\\n\\|[-| :]+\\|\\n((?:\\|.*\\n?)+)")
        .matcher(readme)
        .results()
        .flatMap(table -> row.matcher(table.group(1)).results())
        .map(found -> found.group(1))
        .sorted()
        .toList();
  }
}
