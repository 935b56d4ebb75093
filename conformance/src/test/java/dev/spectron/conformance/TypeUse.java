package dev.spectron.conformance;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A type and the member that uses it.
 *
 * @param where full name of the member
 * @param type the type
 */
record TypeUse(String where, JavaClass type) {
  /** Asks that {@code allowed} be true of every type that {@code uses} finds in a class. */
  static ArchCondition<JavaClass> each(
      String description, Function<JavaClass, Stream<TypeUse>> uses, Predicate<JavaClass> allowed) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        uses.apply(type)
            .filter(used -> !allowed.test(used.type()))
            .forEach(
                used ->
                    events.add(
                        SimpleConditionEvent.violated(
                            type, used.where() + " uses " + used.type().getName())));
      }
    };
  }
}
