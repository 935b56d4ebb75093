package dev.spectron.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the javadoc compiles. */
class SnippetsTest {
  private static final Pattern SNIPPET =
      Pattern.compile("\\{@snippet :\n((?:.*\n)*?) \\* }\n(?= \\*\n| \\*/)");

  @TempDir private Path folder;

  @Test
  void everySnippetOfTheJavadocCompiles() throws IOException {
    List<String> snippets = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        SNIPPET
            .matcher(Files.readString(file))
            .results()
            .map(found -> found.group(1).replaceAll("(?m)^ *\\* ?", ""))
            .forEach(snippets::add);
      }
    }
    assertThat(snippets).hasSize(2);
    for (String snippet : snippets) {
      assertThat(complaints(snippet)).as(snippet).isEmpty();
    }
    assertThat(complaints("new SpectronVoiceModel();")).contains("SpectronVoiceModel");
  }

  private String complaints(String code) {
    String source =
        """
        import dev.langchain4j.data.audio.Audio;
        import dev.langchain4j.model.audio.*;
        import dev.spectron.langchain4j.*;
        import dev.spectron.sdk.*;
        void main() throws Exception {
        %s
        }
        """
            .formatted(code);
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    StringWriter out = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    ToolProvider.getSystemJavaCompiler()
        .getTask(out, null, null, options, null, List.of(file))
        .call();
    return out.toString();
  }
}
