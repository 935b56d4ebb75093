package dev.spectron.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R6: the SDK promises nothing that it does not own. */
class PublicApiTest {
  @Test
  void thePublicApiSpeaksJdkAndSdkTypesOnly() {
    ArchRule rule =
        classes()
            .that()
            .resideInAPackage("dev.spectron.sdk..")
            .and()
            .arePublic()
            .should(
                TypeUse.each(
                    "use JDK and SDK types in public signatures",
                    PublicApiTest::signature,
                    PublicApiTest::isJdkOrSdk));
    new ArchitectureRule(rule)
        .holds()
        .rejects(
            """
            package dev.spectron.sdk;
            public class Planted {
              public java.util.List<dev.spectron.core.signal.LogMel> frames() { return null; }
            }
            """)
        .rejects(
            "package dev.spectron.sdk; public record Planted(dev.spectron.core.signal.LogMel x) {}")
        .accepts(
            """
            package dev.spectron.sdk;
            public class Fine {
              private dev.spectron.core.signal.LogMel x;
              dev.spectron.core.signal.LogMel y;
            }
            """);
  }

  private static Stream<TypeUse> signature(JavaClass type) {
    Stream<TypeUse> parents =
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
            .map(parent -> new TypeUse(type.getName(), parent));
    return Stream.concat(
        parents,
        type.getMembers().stream().filter(PublicApiTest::isVisible).flatMap(PublicApiTest::used));
  }

  private static boolean isVisible(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    boolean open =
        modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    return open && !modifiers.contains(JavaModifier.SYNTHETIC);
  }

  private static Stream<TypeUse> used(JavaMember member) {
    Stream<JavaClass> types =
        switch (member) {
          case JavaField field -> field.getType().getAllInvolvedRawTypes().stream();
          case JavaCodeUnit code ->
              Stream.concat(
                  code.getReturnType().getAllInvolvedRawTypes().stream(),
                  code.getParameterTypes().stream()
                      .flatMap(parameter -> parameter.getAllInvolvedRawTypes().stream()));
          default -> throw new IllegalStateException(member + ": neither field nor method");
        };
    return types.map(type -> new TypeUse(member.getFullName(), type));
  }

  private static boolean isJdkOrSdk(JavaClass type) {
    JavaClass base = type.getBaseComponentType();
    return base.isPrimitive()
        || base.getPackageName().startsWith("java.")
        || base.getPackageName().startsWith("dev.spectron.sdk");
  }
}
