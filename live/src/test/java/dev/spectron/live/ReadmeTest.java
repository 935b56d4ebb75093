package dev.spectron.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final Pattern CODE = Pattern.compile("```java\n([\\s\\S]*?)```");

  @TempDir private Path folder;

  @Test
  void theCodeOfThePageCompiles() throws IOException {
    List<String> codes =
        CODE.matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(codes).isNotEmpty();
    for (String code : codes) {
      assertThat(complaints(code)).isEmpty();
      assertThat(complaints(code.replace("LiveSession", "DeadSession"))).contains("DeadSession");
    }
  }

  private String complaints(String code) {
    String source =
        "import dev.spectron.live.*; import dev.spectron.sdk.*; class Page { void run() { "
            + code
            + " } }";
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreErrors) {
            return source;
          }
        };
    StringWriter out = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    boolean _ =
        ToolProvider.getSystemJavaCompiler()
            .getTask(out, null, null, options, null, List.of(file))
            .call();
    return out.toString();
  }
}
