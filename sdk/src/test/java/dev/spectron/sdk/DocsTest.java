package dev.spectron.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.error.ErrorCode;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation says is so, and its code compiles. */
class DocsTest {
  private static final Path DOCS = Path.of("docs");
  private static final Pattern SNIPPET =
      Pattern.compile("\\{@snippet :\n((?:.*\n)*?) \\* }\n(?= \\*\n| \\*/)");
  private static final Pattern CODE = Pattern.compile("```java\n([\\s\\S]*?)```");
  private static final Pattern METHOD = Pattern.compile("^(?!try)[\\w<>., ]+\\(.*\\) \\{");

  @TempDir private Path folder;

  @Test
  void everySnippetOfTheJavadocCompiles() throws IOException {
    List<String> snippets = new ArrayList<>();
    for (Path file : files(Path.of("src/main/java"), ".java")) {
      SNIPPET
          .matcher(Files.readString(file))
          .results()
          .map(found -> found.group(1).replaceAll("(?m)^ *\\* ?", ""))
          .forEach(snippets::add);
    }
    assertThat(snippets).hasSizeGreaterThanOrEqualTo(6);
    for (String snippet : snippets) {
      assertThat(complaints(snippet)).as(snippet).isEmpty();
    }
    assertThat(complaints("Spectron spectron = Spectron.openNothing();")).contains("openNothing");
  }

  @Test
  void theCodeOfEveryPageCompiles() throws IOException {
    List<Path> pages = new ArrayList<>(files(DOCS, ".md"));
    pages.add(Path.of("../README.md"));
    int count = 0;
    for (Path page : pages) {
      for (MatchResult code : CODE.matcher(Files.readString(page)).results().toList()) {
        assertThat(complaints(code.group(1))).as(page + "\n" + code.group(1)).isEmpty();
        count++;
      }
    }
    assertThat(count).isGreaterThanOrEqualTo(5);
  }

  @Test
  void thePageOfErrorsListsEveryCode() throws IOException {
    List<String> rows =
        Arrays.stream(ErrorCode.values())
            .map(c -> "| `%s` | %s | %s |".formatted(c.id(), c.meaning(), c.nextStep()))
            .toList();
    List<String> page = Files.readAllLines(DOCS.resolve("errors.md"));
    assertThat(page.stream().filter(line -> line.matches("\\| `[a-z_]+(\\.[a-z_]+)?` \\|.*")))
        .containsExactlyElementsOf(rows);
  }

  @Test
  void everyPageIsListedAndItsLinksLeadSomewhere() throws IOException {
    String contents = Files.readString(DOCS.resolve("README.md"));
    Pattern link = Pattern.compile("\\]\\(([^)#:]+)\\)");
    for (Path page : files(DOCS, ".md")) {
      if (!page.endsWith("README.md")) {
        assertThat(contents).contains("(" + page.getFileName() + ")");
      }
      link.matcher(Files.readString(page))
          .results()
          .forEach(found -> assertThat(page.resolveSibling(found.group(1))).exists());
    }
  }

  @Test
  void theDefaultsOfThePagesAreThoseOfTheOptions() throws IOException {
    SpectronOptions options = SpectronOptions.defaults();
    assertThat(options.eventBuffer()).isEqualTo(512);
    assertThat(options.patience()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.audioChunk()).isEqualTo(Duration.ofMillis(100));
    assertThat(options.synthesis()).isEqualTo(SpectronOptions.Synthesis.STREAMED);
    assertThat(Files.readString(DOCS.resolve("threads.md")))
        .contains("512 if nothing is said")
        .contains("`patience` (ten\nseconds)");
    assertThat(Files.readString(DOCS.resolve("audio-formats.md")))
        .contains("100 ms if nothing is said")
        .contains("`Synthesis.STREAMED`, the default");
  }

  @Test
  void openingAModelTurnsTheReportsOfTheTokenizersLibraryOff() {
    Spectron.open(Toy.options().build()).close();
    assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
  }

  @Test
  void whatTheSdkThrowsSaysWhatToDo() throws IOException {
    List<Path> sources = new ArrayList<>(files(Path.of("src/main/java"), ".java"));
    sources.addAll(files(Path.of("../core/src/main/java/dev/spectron/core/error"), ".java"));
    Pattern thrown =
        Pattern.compile("new (?:Audio|Capacity|Cancelled|Misuse)Exception\\(([\\s\\S]*?)\\);\n");
    int count = 0;
    for (Path source : sources) {
      for (MatchResult found : thrown.matcher(Files.readString(source)).results().toList()) {
        String arguments = found.group(1);
        if (arguments.contains("\"")) {
          assertThat(arguments).as(source.toString()).containsAnyOf("; ", "e.getMessage()");
          count++;
        }
      }
    }
    assertThat(count).isGreaterThan(9);
  }

  private static List<Path> files(Path top, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  /** Of the compiler, about a whole program, a method or statements. */
  private String complaints(String code) {
    StringBuilder source =
        new StringBuilder("import dev.spectron.sdk.*;\nimport dev.spectron.core.error.*;\n");
    if (code.contains("void main(")) {
      source.append(code);
    } else if (METHOD.matcher(code).find()) {
      source.append(code).append("\nvoid main() {}\n");
    } else {
      source
          .append("Speech question = Speech.of(new float[1], 16_000);\n")
          .append("void main() throws Exception {\n")
          .append(code)
          .append("}\n");
    }
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    StringWriter out = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    compiler.getTask(out, null, null, options, null, List.of(file)).call();
    return out.toString();
  }
}
