package dev.spectron.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples are part of no jar; here they are kept working. */
class SamplesTest {
  private static final Pattern BEYOND_SDK = Pattern.compile("dev\\.spectron\\.(?!sdk\\b)\\w+");

  @TempDir Path folder;

  @Test
  void everySampleCompiles() throws IOException {
    List<Path> samples = Checkout.current().samples();
    assertThat(samples).isNotEmpty();
    for (Path sample : samples) {
      assertThat(complaints(sample)).as(sample.toString()).isEmpty();
    }
    Path planted = folder.resolve("Planted.java");
    Files.writeString(planted, "void main() { dev.spectron.sdk.Missing.open(); }");
    assertThat(complaints(planted)).contains("Missing");
  }

  @Test
  void samplesUseTheSdkOnly() throws IOException {
    for (Path sample : Checkout.current().samples()) {
      assertThat(Files.readString(sample)).as(sample.toString()).doesNotContainPattern(BEYOND_SDK);
    }
    assertThat("import dev.spectron.core.signal.LogMel;").containsPattern(BEYOND_SDK);
  }

  private String complaints(Path sample) throws IOException {
    StringWriter out = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-Xlint:all",
              "-Werror",
              "-d",
              folder.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      compiler
          .getTask(out, manager, null, options, null, manager.getJavaFileObjects(sample))
          .call();
    }
    return out.toString();
  }
}
