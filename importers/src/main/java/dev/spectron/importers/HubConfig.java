package dev.spectron.importers;

import dev.spectron.core.error.BundleException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A foreign configuration: keys that are asked for must have the type asked for, others are let be,
 * since those files hold much that changes no number.
 *
 * @param file for messages
 * @param path where in the file, with a dot behind it, or empty
 * @param values by key
 */
record HubConfig(String file, String path, Map<String, Object> values) {
  /** Whether a key is there, and not null. */
  boolean has(String key) {
    return values.get(key) != null;
  }

  int integer(String key) {
    return whole(key, require(key));
  }

  int integer(String key, int absent) {
    return has(key) ? whole(key, values.get(key)) : absent;
  }

  private int whole(String key, Object value) {
    if (value instanceof Integer number) {
      return number;
    }
    throw wrong(key, "a whole number", value);
  }

  double number(String key) {
    return number(key, require(key));
  }

  double number(String key, double absent) {
    return has(key) ? number(key, values.get(key)) : absent;
  }

  private double number(String key, Object value) {
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(key, "a number", value);
  }

  boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (values.get(key) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "true or false", values.get(key));
  }

  String text(String key) {
    return text(key, require(key));
  }

  String text(String key, String absent) {
    return has(key) ? text(key, values.get(key)) : absent;
  }

  private String text(String key, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, "a text", value);
  }

  List<?> list(String key) {
    if (require(key) instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "a list", values.get(key));
  }

  List<Integer> integers(String key) {
    return list(key).stream().map(value -> whole(key, value)).toList();
  }

  /** An object inside, if there is one. */
  Optional<HubConfig> part(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (values.get(key) instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // keys of a JSON object are strings
      Map<String, Object> typed = (Map<String, Object>) map;
      return Optional.of(new HubConfig(file, path + key + ".", typed));
    }
    throw wrong(key, "an object", values.get(key));
  }

  /** Refuses what would make it another model than can be imported. */
  void requireAbsentOr(String key, Object expected) {
    if (has(key) && !values.get(key).equals(expected)) {
      throw wrong(key, expected + ", the only kind that can be imported", values.get(key));
    }
  }

  /** Refuses a key that would make it another model than can be imported. */
  void requireNull(String key) {
    if (has(key)) {
      throw wrong(key, "null, the only kind that can be imported", values.get(key));
    }
  }

  BundleException wrong(String key, String expected, Object found) {
    String text = String.valueOf(found);
    return new BundleException(
        "%s: %s%s: expected %s, found %s"
            .formatted(
                file, path, key, expected, text.length() > 200 ? text.substring(0, 200) : text));
  }

  private Object require(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new BundleException(
          "%s: %s%s: missing key; download the whole folder again".formatted(file, path, key));
    }
    return value;
  }
}
