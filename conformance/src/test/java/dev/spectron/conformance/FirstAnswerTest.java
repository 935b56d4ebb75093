package dev.spectron.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first program of the README, in an empty folder, with the one dependency it declares. */
class FirstAnswerTest {
  private static final Path ROOT = Checkout.current().root();
  private static final Path ASK = ROOT.resolve("samples/Ask.java");
  private static final List<String> JVM =
      List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");

  @TempDir private Path folder;

  @Test
  void theReadmeShowsTheScriptAndTheDependencyOfTheSdk() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String script = Files.readString(ASK);
    assertThat(readme).contains("```java\n" + script + "```");
    assertThat(script)
        .contains("//DEPS dev.spectron:spectron-sdk:" + version() + "\n")
        .contains("//RUNTIME_OPTIONS " + String.join(" ", JVM) + "\n");
    assertThat(readme)
        .contains(
            "<artifactId>spectron-sdk</artifactId>\n  <version>" + version() + "</version>\n");
    assertThat(script.lines().filter(line -> !line.isBlank() && !line.startsWith("//")))
        .hasSizeLessThanOrEqualTo(10);
  }

  @Test
  void theScriptAnswersWithTheClassPathOfItsOneDependency() throws Exception {
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(JVM);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, sdkAndItsDependencies())));
    command.addAll(List.of(Files.copy(ASK, folder.resolve("Ask.java")).toString(), question()));
    assertThat(run(command))
        .isEqualTo("what is the capital of france? the capital of france is paris.");
    assertThat(folder.resolve("answer.wav")).isNotEmptyFile();
  }

  @Test
  void aModuleThatRequiresTheSdkAnswersOnTheModulePath() throws Exception {
    Path source = Files.createDirectories(folder.resolve("source"));
    String page = Files.readString(ROOT.resolve("sdk/docs/README.md"));
    String descriptor = page.substring(page.indexOf("module my.assistant {"));
    Files.writeString(
        source.resolve("module-info.java"), descriptor.substring(0, descriptor.indexOf("```")));
    Files.writeString(
        Files.createDirectories(source.resolve("first")).resolve("Main.java"),
        """
        package first;
        import dev.spectron.core.error.ErrorCode;
        import dev.spectron.sdk.Spectron;
        import java.nio.file.Path;
        class Main {
          public static void main(String[] args) {
            try (Spectron spectron = Spectron.openDefault()) {
              System.out.println(spectron.answer(Path.of(args[0])).text()
                  + Spectron.class.getModule().getName() + ErrorCode.AUDIO_EMPTY.getClass().getModule().getName());
            }
          }
        }
        """);
    String modules = String.join(File.pathSeparator, sdkAndItsDependencies());
    assertThat(
            run(
                List.of(
                    "javac",
                    "-d",
                    folder.resolve("classes").toString(),
                    "-p",
                    modules,
                    "--module-source-path",
                    "my.assistant=" + source,
                    "-m",
                    "my.assistant")))
        .isEmpty();
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(List.of("-p", modules + File.pathSeparator + folder.resolve("classes")));
    command.addAll(List.of("-m", "my.assistant/first.Main", question()));
    assertThat(run(command))
        .isEqualTo("the capital of france is parisdev.spectron.sdkdev.spectron.core");
  }

  private static String question() {
    return ROOT.resolve("samples/questions/capital-of-france.wav").toString();
  }

  private static String version() throws IOException {
    return Pattern.compile("<version>([^<]+)</version>")
        .matcher(Files.readString(ROOT.resolve("pom.xml")))
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  /** As Maven resolved them when it packaged the SDK. */
  private static List<String> sdkAndItsDependencies() throws IOException {
    Path target = ROOT.resolve("sdk/target");
    assertThat(target.resolve("classpath")).as("package the SDK first").exists();
    List<String> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(target)) {
      files
          .map(Path::toString)
          .filter(f -> f.matches(".*/spectron-sdk-[^/]*(?<!-tests)\\.jar"))
          .forEach(jars::add);
    }
    assertThat(jars).hasSize(1);
    jars.addAll(
        List.of(Files.readString(target.resolve("classpath")).strip().split(File.pathSeparator)));
    return jars;
  }

  /** What the program says, but for its log. */
  private String run(List<String> command) throws Exception {
    List<String> located = new ArrayList<>(command);
    located.set(0, Path.of(System.getProperty("java.home"), "bin", command.getFirst()).toString());
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(located).directory(folder.toFile()).redirectError(log.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    return said.strip();
  }
}
