package dev.spectron.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R7 (names), R9, R11, R12, R13: state, exceptions, the outside world, null. */
class CodeRulesTest {
  /** Argument and state exceptions of the JDK; everything else is thrown as one of ours. */
  private static final Set<String> JDK_EXCEPTIONS =
      Set.of(
          "java.lang.IllegalArgumentException",
          "java.lang.IllegalStateException",
          "java.lang.IndexOutOfBoundsException",
          "java.lang.UnsupportedOperationException",
          "java.lang.ArithmeticException",
          "java.lang.MatchException", // the compiler makes these for sealed switches
          "java.util.NoSuchElementException");

  private static final String OURS = "dev.spectron.core.error.SpokenLmException";
  private static final String MISUSE = "dev.spectron.core.error.MisuseException";

  private static final Set<String> MUTABLE =
      Set.of(
          "java.util.HashMap",
          "java.util.ArrayList",
          "java.util.Random",
          "java.lang.StringBuilder",
          "java.lang.ThreadLocal",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentMap");

  @Test
  void namesSayWhatAThingIs() {
    new ArchitectureRule(
            noClasses()
                .should()
                .haveNameMatching(".*[.$](Abstract\\w+|\\w*(Utils?|Manager|Impl|Helper))"))
        .holds()
        .rejects("package dev.spectron.lm; class TensorUtils {}")
        .rejects("package dev.spectron.lm; interface Outer { class AbstractLayer {} }");
  }

  @Test
  void noStaticFieldCanChange() {
    ArchRule rule =
        fields()
            .that()
            .areStatic()
            .and(
                describe("are written by hand", field -> !field.getModifiers().contains(SYNTHETIC)))
            .should()
            .beFinal()
            .andShould()
            .notHaveRawType(
                describe(
                    "a container that can change",
                    type ->
                        MUTABLE.contains(type.getName())
                            || type.getPackageName().equals("java.util.concurrent.atomic")));
    new ArchitectureRule(rule)
        .holds()
        .rejects("package dev.spectron.lm; class Planted { static int count; }")
        .rejects(
            """
            package dev.spectron.lm;
            class Planted {
              static final java.util.concurrent.atomic.AtomicInteger COUNT = null;
            }
            """);
  }

  @Test
  void aStaticArrayNeverLeavesItsPackage() {
    ArchRule rule =
        fields()
            .that()
            .areStatic()
            .and(describe("are arrays written by hand", CodeRulesTest::isArrayWrittenByHand))
            .should()
            .notBePublic()
            .andShould()
            .notBeProtected();
    new ArchitectureRule(rule)
        .holds()
        .rejects("package dev.spectron.lm; class Planted { public static final float[] T = {1}; }")
        .accepts("package dev.spectron.lm; class Fine { static final int[] NONE = {}; }");
  }

  @Test
  void nothingIsASingleton() {
    ArchRule rule =
        noMethods().that().areStatic().should().haveNameMatching("(get)?[iI]nstance|shared|global");
    new ArchitectureRule(rule)
        .holds()
        .rejects(
            "package dev.spectron.lm; class One { static One getInstance() { return null; } }");
  }

  @Test
  void aBackEndIsNeverStatic() {
    ArchRule rule =
        noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(
                JavaClass.Predicates.assignableTo("dev.spectron.core.backend.Backend")
                    .or(JavaClass.Predicates.assignableTo("dev.spectron.core.backend.Scope")));
    new ArchitectureRule(rule)
        .holds()
        .rejects(
            """
            package dev.spectron.sdk;
            class Planted {
              static final dev.spectron.core.backend.Backend SHARED = null;
            }
            """);
  }

  @Test
  void exceptionsAreOursOrTheJdksForArgumentsAndState() {
    new ArchitectureRule(
            noClasses().should().callConstructorWhere(makes("a foreign exception", false)))
        .holds()
        .rejects(
            """
            package dev.spectron.lm;
            class Planted {
              void fail() { throw new RuntimeException("step: failed"); }
            }
            """)
        .accepts(
            """
            package dev.spectron.lm;
            class Fine {
              void fail() { throw new IllegalStateException("step: expected an open cache"); }
            }
            """);
  }

  @Test
  void everyExceptionCarriesAMessage() {
    new ArchitectureRule(
            noClasses()
                .should()
                .callConstructorWhere(makes("an exception without a message", true)))
        .holds()
        .rejects(
            """
            package dev.spectron.lm;
            class Planted {
              void fail() { throw new IllegalStateException(); }
            }
            """)
        .rejects(
            """
            package dev.spectron.lm;
            class Planted {
              void fail(Exception cause) { throw new IllegalStateException(cause); }
            }
            """);
  }

  @Test
  void onlyTheCommandAndTheLauncherTouchTheConsoleTheExitAndTheEnvironment() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackages("dev.spectron.cli..", "dev.spectron.training.launch..")
            .should()
            .accessFieldWhere(
                describe(
                    "a standard stream is used",
                    access ->
                        access.getTargetOwner().getName().equals("java.lang.System")
                            && Set.of("out", "err", "in").contains(access.getTarget().getName())))
            .orShould()
            .callMethodWhere(
                describe(
                    "the process or its environment is touched",
                    call ->
                        Set.of("java.lang.System", "java.lang.Runtime")
                                .contains(call.getTargetOwner().getName())
                            && Set.of("exit", "halt", "getenv", "setOut", "setErr")
                                .contains(call.getName())));
    new ArchitectureRule(rule)
        .holds()
        .rejects(
            """
            package dev.spectron.lm;
            class Planted {
              void say() { System.out.println("token"); }
            }
            """)
        .rejects(
            "package dev.spectron.lm; class Planted { String home = System.getenv(\"HOME\"); }")
        .rejects("package dev.spectron.lm; class Planted { void end() { System.exit(1); } }")
        .accepts("package dev.spectron.cli; class Fine { void end() { System.exit(1); } }");
  }

  @Test
  void logsGoThroughTheLoggerOfTheJdk() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.spectron.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..");
    new ArchitectureRule(rule)
        .holds()
        .rejects("package dev.spectron.lm; class Planted { java.util.logging.Logger log; }");
  }

  @Test
  void optionalIsOnlyEverReturned() {
    ArchRule asParameter =
        noMethods()
            .that()
            .areNotPrivate()
            .should()
            .haveRawParameterTypes(
                describe(
                    "an Optional", types -> types.stream().anyMatch(type -> isOptional(type))));
    ArchRule asField =
        noFields().should().haveRawType(describe("an Optional", CodeRulesTest::isOptional));
    new ArchitectureRule(asParameter)
        .holds()
        .rejects(
            "package dev.spectron.lm; class Planted { void f(java.util.Optional<String> s) {} }");
    new ArchitectureRule(asField)
        .holds()
        .rejects("package dev.spectron.lm; record Planted(java.util.OptionalInt limit) {}");
  }

  @Test
  void ourExceptionsAreOneFamilyAndMisuse() {
    ArchRule rule =
        classes()
            .that()
            .areAssignableTo(Throwable.class)
            .should()
            .beAssignableTo(OURS)
            .orShould()
            .haveFullyQualifiedName(MISUSE);
    new ArchitectureRule(rule)
        .holds()
        .rejects("package dev.spectron.lm; class Planted extends RuntimeException {}");
  }

  private static boolean isArrayWrittenByHand(JavaField field) {
    return field.getRawType().isArray() && !field.getModifiers().contains(SYNTHETIC);
  }

  private static boolean isOptional(JavaClass type) {
    return type.getName().matches("java\\.util\\.Optional(Int|Long|Double)?");
  }

  private static DescribedPredicate<JavaConstructorCall> makes(String what, boolean anyType) {
    return describe(
        what,
        call -> {
          JavaClass made = call.getTargetOwner();
          boolean fromSubclass = call.getOriginOwner().isAssignableTo(Throwable.class);
          if (!made.isAssignableTo(Throwable.class) || fromSubclass) {
            return false;
          }
          if (!anyType) {
            return !made.isAssignableTo(OURS)
                && !made.getName().equals(MISUSE)
                && !JDK_EXCEPTIONS.contains(made.getName());
          }
          return call.getTarget().getRawParameterTypes().stream()
              .limit(1)
              .noneMatch(type -> type.isEquivalentTo(String.class));
        });
  }
}
