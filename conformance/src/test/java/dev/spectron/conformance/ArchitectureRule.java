package dev.spectron.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A rule about the compiled classes of the product.
 *
 * @param rule what is asked of the classes
 */
record ArchitectureRule(ArchRule rule) {
  static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(location -> !location.contains("/jmh_generated/"))
          .importPackages("dev.spectron");

  /** Checks the product. */
  ArchitectureRule holds() {
    rule.check(PRODUCT);
    return this;
  }

  /** Shows that the rule rejects {@code sources}, so that it cannot pass for want of teeth. */
  ArchitectureRule rejects(String... sources) {
    return verdict(true, sources);
  }

  /** Shows that the rule does not reject more than it says. */
  ArchitectureRule accepts(String... sources) {
    return verdict(false, sources);
  }

  private ArchitectureRule verdict(boolean violation, String... sources) {
    Path folder;
    try {
      folder = Files.createTempDirectory("planted");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder", e);
    }
    try {
      var result = rule.allowEmptyShould(true).evaluate(Planted.classes(folder, sources));
      assertThat(result.hasViolation())
          .as(
              "%s, on %s: %s",
              rule.getDescription(), String.join(" ", sources), result.getFailureReport())
          .isEqualTo(violation);
    } finally {
      Planted.remove(folder);
    }
    return this;
  }
}
