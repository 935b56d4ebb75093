package dev.spectron.core.bundle;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Completes documents by {@link IfAbsent}, in records, in their records, and in lists of records.
 *
 * @param parse reads the annotation's JSON
 */
record JsonDefaults(Function<String, JsonNode> parse) {
  /** Adds the keys that {@code node}, to be made a {@code type}, may lack and lacks. */
  void fill(JsonNode node, Type type) {
    if (type instanceof Class<?> record && record.isRecord() && node instanceof ObjectNode object) {
      for (RecordComponent component : record.getRecordComponents()) {
        fill(object, component);
      }
    } else if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      node.valueStream().forEach(element -> fill(element, list.getActualTypeArguments()[0]));
    }
  }

  private void fill(ObjectNode object, RecordComponent component) {
    String key = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    IfAbsent value = component.getAnnotation(IfAbsent.class);
    if (object.has(key)) {
      fill(object.get(key), component.getGenericType());
    } else if (value != null) {
      object.set(key, parse.apply(value.value()));
    }
  }
}
