package dev.spectron.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R13 to R15 and the length of files: rules that compiled classes cannot show. */
class SourceRulesTest {
  private static final int LINES = 600;
  private static final Checkout CHECKOUT = Checkout.current();
  private static final List<String> PROMISED =
      List.of("core", "sdk"); // every public type and method is documented

  @TempDir Path folder;

  @Test
  void noFileIsLongerThanAReaderCanHold() throws IOException {
    assertThat(tooLong(CHECKOUT.javaFiles())).isEmpty();
    Path planted = folder.resolve("Planted.java");
    Files.writeString(planted, "//\n".repeat(LINES + 1));
    assertThat(tooLong(List.of(planted))).hasSize(1);
  }

  @Test
  void publicMethodsNeverReturnNull() {
    assertThat(SourceScan.of(CHECKOUT.javaFiles("main")).nullReturns()).isEmpty();
    List<Path> planted =
        Planted.write(
            folder,
            """
            package p;
            public class Planted {
              public String name(boolean known) {
                return known ? "" : null;
              }
            }
            """,
            """
            package p;
            public class Fine {
              private String name;
              private String find() { return null; }
              public java.util.concurrent.Callable<Void> task() { return () -> { return null; }; }
            }
            """);
    assertThat(SourceScan.of(planted).nullReturns())
        .containsExactly("Planted.java:4: name returns null");
  }

  @Test
  void coreTheSdkAndEveryForwardAreDocumented() {
    SourceScan promised =
        SourceScan.of(
            CHECKOUT.javaFiles("main").stream()
                .filter(file -> PROMISED.contains(module(file)))
                .toList());
    assertThat(promised.undocumented(name -> true)).isEmpty();
    assertThat(SourceScan.of(CHECKOUT.javaFiles("main")).undocumented("forward"::equals)).isEmpty();
    List<Path> planted =
        Planted.write(
            folder,
            """
            package p;
            public interface Planted {
              int forward();

              /** Documented. */
              int other();

              record Pair(int x) {
                @Override
                public String toString() { return ""; }
              }
            }
            """);
    assertThat(SourceScan.of(planted).undocumented(name -> true))
        .containsExactly(
            "Planted.java:2: Planted has no javadoc",
            "Planted.java:3: forward has no javadoc",
            "Planted.java:8: Pair has no javadoc");
    assertThat(SourceScan.of(planted).undocumented("forward"::equals))
        .containsExactly("Planted.java:3: forward has no javadoc");
  }

  @Test
  void everyPackageIsDescribed() {
    assertThat(undescribed(CHECKOUT.javaFiles("main"))).isEmpty();
    assertThat(undescribed(Planted.write(folder, "package p.q; class Planted {}"))).hasSize(1);
  }

  @Test
  void testsAreNamedForWhatTheyAre() {
    assertThat(SourceScan.of(CHECKOUT.javaFiles("test")).misnamedTests()).isEmpty();
    assertThat(SourceScan.of(CHECKOUT.javaFiles("main")).misnamedTests()).isEmpty();
    List<Path> planted =
        Planted.write(
            folder,
            "package p; class Checks { @Test void futureFramesDoNotMatter() {} }",
            "package p; class LoudTest { @Test void test1() {} }",
            "package p; class Slow { @Benchmark public void attention() {} }",
            "package p; abstract class BaseTest { @Test void oneStepEqualsTheWhole() {} }",
            "package p; abstract class FineContract { @Test void stepsAgree() {} }",
            "package p; interface OtherContract { @Test default void stepsAgree() {} }");
    assertThat(SourceScan.of(planted).misnamedTests())
        .containsExactly(
            "BaseTest.java:1: BaseTest is an abstract suite; its name should end in Contract",
            "Checks.java:1: Checks has tests; its name should end in Test",
            "LoudTest.java:1: test1 is no sentence",
            "Slow.java:1: Slow has benchmarks; its name should end in Benchmark");
  }

  private static List<String> tooLong(List<Path> files) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      try (Stream<String> lines = Files.lines(file)) {
        long count = lines.count();
        if (count > LINES) {
          found.add("%s: %d lines, at most %d are allowed".formatted(file, count, LINES));
        }
      }
    }
    return found;
  }

  private static List<Path> undescribed(List<Path> files) {
    return new TreeSet<>(files.stream().map(Path::getParent).toList())
        .stream().filter(parent -> !Files.exists(parent.resolve("package-info.java"))).toList();
  }

  private static String module(Path file) {
    return CHECKOUT.root().relativize(file).getName(0).toString();
  }
}
