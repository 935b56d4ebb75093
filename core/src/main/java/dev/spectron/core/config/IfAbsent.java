package dev.spectron.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a component of a record that {@code Json} reads: what it is where the key is missing, as in
 * documents written before there was such a component.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface IfAbsent {
  /** The value as JSON, such as {@code 1} or {@code []}. */
  String value();
}
