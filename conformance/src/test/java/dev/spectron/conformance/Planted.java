package dev.spectron.conformance;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Small sources that break a rule on purpose: each rule is shown to catch what it forbids. */
final class Planted {
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile("(?:class|record|interface|enum) (\\w+)");

  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** Shared and left open: it keeps the class path's jars open between the compilations. */
  private static final StandardJavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, null);

  private Planted() {}

  /** The files of {@code sources}, each a package line and one top-level type, below a folder. */
  static List<Path> write(Path folder, String... sources) {
    List<Path> files = new ArrayList<>();
    for (String source : sources) {
      Path file =
          folder.resolve(
              first(PACKAGE, source).replace('.', '/') + "/" + first(TYPE, source) + ".java");
      try {
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
      } catch (IOException e) {
        throw new UncheckedIOException(file + ": cannot be written", e);
      }
      files.add(file);
    }
    return files;
  }

  /** The compiled {@code sources}. */
  static JavaClasses classes(Path folder, String... sources) {
    List<String> options =
        List.of(
            "-proc:none",
            "-nowarn",
            "-d",
            folder.toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"));
    StringWriter complaints = new StringWriter();
    boolean compiled =
        COMPILER
            .getTask(
                complaints,
                FILES,
                null,
                options,
                null,
                FILES.getJavaFileObjectsFromPaths(write(folder, sources)))
            .call();
    if (!compiled) {
      throw new IllegalStateException("planted sources do not compile: " + complaints);
    }
    return new ClassFileImporter().importPath(folder);
  }

  /** Removes a folder and what it holds. */
  static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be removed", e);
    }
  }

  private static String first(Pattern pattern, String source) {
    Matcher matcher = pattern.matcher(source);
    if (!matcher.find()) {
      throw new IllegalArgumentException("expected " + pattern + " in " + source);
    }
    return matcher.group(1);
  }
}
