package dev.spectron.server.api;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An object of JSON that a client sent, read with suspicion: every value is checked for its kind,
 * and keys that nobody asked for are an error.
 *
 * @param path what messages call it, such as {@code session.audio}; empty for the whole
 * @param values by key
 */
public record Fields(String path, Map<String, Object> values) {
  private static final int LONGEST_FOUND = 40;

  /**
   * Reads an object.
   *
   * @throws ApiException if the text is no JSON object
   */
  public static Fields parse(String text) {
    try {
      return new Fields("", Json.parse("message", text));
    } catch (BundleException e) {
      throw new ApiException("invalid_json", 400, "message: expected one JSON object; send JSON");
    }
  }

  /** Whether there is a value, not null. */
  public boolean has(String key) {
    return values.get(key) != null;
  }

  /** Whether the key is there, if only with null. */
  public boolean names(String key) {
    return values.containsKey(key);
  }

  /**
   * Refuses keys that are not known.
   *
   * @throws ApiException with code {@code unknown_parameter}
   */
  public void only(Set<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new ApiException(
            "unknown_parameter",
            at(cut(key)),
            "unknown parameter; expected one of "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  /** A text. */
  public String string(String key) {
    if (required(key) instanceof String text) {
      return text;
    }
    throw wrong(key, "a string");
  }

  /** A text, or another one where there is none. */
  public String string(String key, String absent) {
    return has(key) ? string(key) : absent;
  }

  /** A whole number in a range. */
  public long integer(String key, long least, long most) {
    if (required(key) instanceof Number number
        && !(number instanceof Double)
        && !(number instanceof BigInteger)
        && number.longValue() >= least
        && number.longValue() <= most) {
      return number.longValue();
    }
    throw wrong(key, "a whole number from " + least + " to " + most);
  }

  /** A number in a range. */
  public double number(String key, double least, double most) {
    if (required(key) instanceof Number number
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return number.doubleValue();
    }
    throw wrong(key, "a number from " + least + " to " + most);
  }

  /** True or false. */
  public boolean bool(String key) {
    if (required(key) instanceof Boolean value) {
      return value;
    }
    throw wrong(key, "true or false");
  }

  /** An object; an empty one where there is none. */
  public Fields object(String key) {
    return has(key) ? object(at(key), values.get(key)) : new Fields(at(key), Map.of());
  }

  /** A list; an empty one where there is none. */
  public List<Object> list(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (values.get(key) instanceof List<?> list) {
      return list.stream().map(Object.class::cast).toList();
    }
    throw wrong(key, "a list");
  }

  /** The only element of a list. */
  public Fields onlyElement(String key) {
    List<Object> list = list(key);
    if (list.size() != 1) {
      throw new ApiException(
          "invalid_value", at(key), "expected a list of one element, found " + list.size());
    }
    return object(at(key) + "[0]", list.getFirst());
  }

  /** The path of a key. */
  public String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** That a value is not what was expected. */
  public ApiException wrong(String key, String expected) {
    return new ApiException(
        "invalid_value", at(key), "expected " + expected + ", found " + found(values.get(key)));
  }

  private Object required(String key) {
    if (!has(key)) {
      throw new ApiException(
          "missing_required_parameter", at(key), "expected a value, found none; send it");
    }
    return values.get(key);
  }

  private static Fields object(String path, Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((key, element) -> copy.put(String.valueOf(key), element));
      return new Fields(path, copy);
    }
    throw new ApiException("invalid_value", path, "expected an object, found " + found(value));
  }

  private static String found(Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "a list";
      case String text -> '"' + cut(text) + '"';
      default -> cut(value.toString());
    };
  }

  private static String cut(String text) {
    String start = text.length() <= LONGEST_FOUND ? text : text.substring(0, LONGEST_FOUND) + "…";
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
