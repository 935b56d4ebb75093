package dev.spectron.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R8 and R10: what configs and layers are made of. */
class TypeRulesTest {
  private static final Set<String> VALUES = Set.of("java.lang.String", "java.util.List");

  @Test
  void aConfigIsARecordOfPlainValues() {
    ArchRule rule =
        classes()
            .that()
            .haveSimpleNameEndingWith("Config")
            .and()
            .resideInAPackage("dev.spectron..")
            .should(
                TypeUse.each(
                    "be records of primitives, strings, enums, lists and configs",
                    TypeRulesTest::state,
                    TypeRulesTest::isPlainValue))
            .andShould(beRecordsOrSealed());
    new ArchitectureRule(rule)
        .holds()
        .rejects("package dev.spectron.lm; public record BadConfig(java.nio.file.Path file) {}")
        .rejects("package dev.spectron.lm; public record BadConfig(java.util.List<Object> x) {}")
        .rejects("package dev.spectron.lm; public record BadConfig(float[] x) {}")
        .rejects("package dev.spectron.lm; public class BadConfig { int layers; }");
  }

  @Test
  void aLayerIsARecordOfWeights() {
    ArchRule rule =
        classes()
            .that(
                describe(
                    "have a forward method",
                    type ->
                        !type.isInterface()
                            && type.getMethods().stream()
                                .anyMatch(
                                    method ->
                                        method.getName().equals("forward")
                                            && !method
                                                .getModifiers()
                                                .contains(JavaModifier.STATIC))))
            .and()
            .resideInAnyPackage(
                "dev.spectron.core.layer..",
                "dev.spectron.conformer..",
                "dev.spectron.nets..",
                "dev.spectron.lm..",
                "dev.spectron.vocoder..")
            .should()
            .beRecords()
            .andShould(
                TypeUse.each(
                    "hold weights, configs, records and lists only",
                    TypeRulesTest::state,
                    TypeRulesTest::isImmutable));
    new ArchitectureRule(rule)
        .holds()
        .rejects("package dev.spectron.lm; record Bad(float[] buffer) { void forward() {} }")
        .rejects("package dev.spectron.lm; record Bad(StringBuilder log) { void forward() {} }")
        .rejects("package dev.spectron.lm; class Bad { void forward() {} }")
        .accepts(
            """
            package dev.spectron.lm;
            record Good(java.util.List<dev.spectron.core.layer.Linear> layers, float scale) {
              void forward() {}
            }
            """);
  }

  private static ArchCondition<JavaClass> beRecordsOrSealed() {
    return new ArchCondition<>("be records, or interfaces with records for kinds") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean good = type.isRecord() || (type.isInterface() && isImmutable(type));
        events.add(new SimpleConditionEvent(type, good, type.getName() + " is no record"));
      }
    };
  }

  private static Stream<TypeUse> state(JavaClass type) {
    return type.getFields().stream()
        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
        .flatMap(
            field ->
                Stream.concat(
                        Stream.of(field.getRawType()),
                        field.getType().getAllInvolvedRawTypes().stream())
                    .distinct()
                    .map(used -> new TypeUse(field.getFullName(), used)));
  }

  private static boolean isPlainValue(JavaClass type) {
    return type.isPrimitive()
        || type.isEnum()
        || VALUES.contains(type.getName())
        || type.isAssignableTo(Number.class)
        || type.getSimpleName().endsWith("Config")
        || (isOurs(type) && isRecordOfPlainValues(type));
  }

  private static boolean isRecordOfPlainValues(JavaClass type) {
    return isSealedOverRecords(type)
        || (type.isRecord() && state(type).allMatch(used -> isPlainValue(used.type())));
  }

  private static boolean isImmutable(JavaClass type) {
    return type.isPrimitive()
        || type.isEnum()
        || VALUES.contains(type.getName())
        || type.getName().equals("dev.spectron.core.backend.Weight")
        || (isOurs(type) && (type.isRecord() || isSealedOverRecords(type)));
  }

  /** A closed choice, such as the kinds of a norm. */
  private static boolean isSealedOverRecords(JavaClass type) {
    if (!type.isInterface() || type.getSubclasses().isEmpty()) {
      return false;
    }
    return type.reflect().isSealed()
        && type.getAllSubclasses().stream()
            .allMatch(kind -> kind.isRecord() || kind.isEnum() || kind.isInterface());
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("dev.spectron");
  }
}
