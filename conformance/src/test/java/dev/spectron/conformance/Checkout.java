package dev.spectron.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The source tree that these tests belong to.
 *
 * @param root the folder with the root pom
 */
record Checkout(Path root) {
  private static final Set<String> BUILT = Set.of("target", ".git", ".idea");

  /** The tree around the working folder, which Maven sets to the module's. */
  static Checkout current() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("mvnw"))) {
        return new Checkout(folder);
      }
    }
    throw new IllegalStateException("no mvnw in " + Path.of("").toAbsolutePath() + " or above it");
  }

  /** All Java files, sorted. */
  List<Path> javaFiles() {
    return files(root, ".java");
  }

  /** The Java files of all modules below {@code src/main} or {@code src/test}, sorted. */
  List<Path> javaFiles(String sourceSet) {
    Path part = Path.of("src", sourceSet, "java");
    return javaFiles().stream()
        .filter(file -> root.relativize(file).toString().contains(part + "/"))
        .toList();
  }

  /** The single-file programs, sorted. */
  List<Path> samples() {
    Path samples = root.resolve("samples");
    return Files.isDirectory(samples) ? files(samples, ".java") : List.of();
  }

  /** The root pom and those of all modules, sub-modules included, in the order of the poms. */
  List<Pom> poms() {
    List<Pom> poms = new ArrayList<>();
    collect(Pom.read(root.resolve("pom.xml")), poms);
    return poms;
  }

  private static void collect(Pom pom, List<Pom> poms) {
    poms.add(pom);
    for (String module : pom.modules()) {
      collect(Pom.read(pom.folder().resolve(module).resolve("pom.xml")), poms);
    }
  }

  private static List<Path> files(Path top, String suffix) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          top,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return BUILT.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(suffix)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(top + ": cannot be listed", e);
    }
    Collections.sort(found);
    return found;
  }
}
