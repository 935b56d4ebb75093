package dev.spectron.core.bundle;

import dev.spectron.core.config.IfAbsent;
import dev.spectron.core.error.BundleException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * JSON and records, strictly: keys are the snake_case names of the record's components, enums are
 * lower-case names, and every component must be there unless {@link IfAbsent} says what it is
 * without. Unknown, missing and repeated keys, nulls, text after the end, numbers that do not fit,
 * more than 64 levels and more than 100 MB are errors that name the place. The one user of the JSON
 * library.
 */
public final class Json {
  /** Most bytes of a document. */
  public static final int MAX_BYTES = 100 << 20;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_TOKENS = 4_000_000;
  private static final JsonMapper MAPPER = mapper();

  private Json() {}

  /**
   * Reads a record.
   *
   * @param where what messages call the text, such as {@code config.json}
   * @param text one JSON value
   * @param type the record to make
   * @throws BundleException if the text is malformed or does not fit the record
   */
  public static <T> T parse(String where, String text, Class<T> type) {
    return bind(where, "", tree(where, text), type);
  }

  /**
   * Reads an object without a record: maps, lists, strings, numbers, booleans, and null where the
   * text has one.
   *
   * @param where what messages call the text
   * @param text one JSON object
   * @return its values by key, in order
   * @throws BundleException if the text is malformed or no object
   */
  public static Map<String, Object> parse(String where, String text) {
    return new Part(where, "", tree(where, text)).asMap();
  }

  /**
   * Reads a record from a file in UTF-8.
   *
   * @param path the file; messages call it by its name
   * @param type the record to make
   * @throws BundleException if the file cannot be read, is malformed or does not fit the record
   */
  public static <T> T read(Path path, Class<T> type) {
    return parse(path.getFileName().toString(), text(path, MAX_BYTES), type);
  }

  /**
   * Reads an object without a record from a file in UTF-8.
   *
   * @param path the file; messages call it by its name
   * @return its values by key, in order
   * @throws BundleException if the file cannot be read, is malformed or no object
   */
  public static Map<String, Object> read(Path path) {
    return parse(path.getFileName().toString(), text(path, MAX_BYTES));
  }

  /**
   * Reads a file with one record a line, such as a manifest; blank lines are passed over.
   *
   * @param path the file; messages call it by its name and the line
   * @param type the record to make of each line
   * @param each gets the records in order
   * @throws BundleException if the file cannot be read or a line does not fit the record
   */
  public static <T> void readLines(Path path, Class<T> type, Consumer<T> each) {
    TextLines.read(path, (where, _, line) -> each.accept(parse(where, line, type)));
  }

  /**
   * One line of JSON, without a line break.
   *
   * @param value a record, or maps and lists of such
   * @throws BundleException if a number is not finite
   */
  public static String line(Object value) {
    return MAPPER.writeValueAsString(finite(value));
  }

  /**
   * A JSON document over several lines for people to read, ending with a line break.
   *
   * @param value a record, or maps and lists of such
   * @throws BundleException if a number is not finite
   */
  public static String document(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(finite(value)) + "\n";
  }

  /** The values of an object, each to be made a record later. */
  static Map<String, Part> parts(String where, String text) {
    JsonNode tree = tree(where, text);
    if (!tree.isObject()) {
      throw new BundleException(where + ": expected an object, found " + JsonErrors.describe(tree));
    }
    Map<String, Part> parts = new LinkedHashMap<>();
    tree.forEachEntry((key, node) -> parts.put(key, new Part(where, key, node)));
    return parts;
  }

  /** The whole of a UTF-8 file of at most {@code maxBytes}. */
  static String text(Path path, int maxBytes) {
    try (InputStream in = Files.newInputStream(path)) {
      return text(path.getFileName().toString(), in, maxBytes);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The whole of a UTF-8 stream of at most {@code maxBytes}. */
  static String text(String where, InputStream in, int maxBytes) throws IOException {
    byte[] bytes = in.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new BundleException(where + ": expected at most " + maxBytes + " bytes, found more");
    }
    return utf8(where, bytes);
  }

  /** {@code bytes} as text. */
  static String utf8(String where, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BundleException(where + ": expected UTF-8 text, found other bytes", e);
    }
  }

  static BundleException unreadable(Path path, IOException e) {
    return e instanceof NoSuchFileException
        ? new BundleException(path + ": no such file; check the path", e)
        : new BundleException(path + ": cannot be read (" + e + ")", e);
  }

  private static JsonNode tree(String where, String text) {
    if (text.length() > MAX_BYTES) {
      throw new BundleException(
          where + ": expected at most " + MAX_BYTES + " characters, found " + text.length());
    }
    JsonNode tree;
    try {
      tree = MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw JsonErrors.malformed(where, e);
    }
    if (tree.isMissingNode()) {
      throw new BundleException(where + ": expected JSON, found nothing");
    }
    JsonErrors.requireFinite(where, "", tree);
    return tree;
  }

  private static JsonNode finite(Object value) {
    JsonNode tree = MAPPER.valueToTree(value);
    JsonErrors.requireFinite("json", "", tree);
    return tree;
  }

  private static <T> T bind(String where, String path, JsonNode node, Class<T> type) {
    if (type != Object.class) {
      JsonErrors.requireNoNull(where, path, node);
    }
    try {
      return MAPPER.treeToValue(node, type);
    } catch (JacksonException e) {
      throw JsonErrors.misfit(where, path, node, e);
    }
  }

  private static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_BYTES)
                    .maxNumberLength(64)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .annotationIntrospector(new LowerCaseEnums())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .addModule(
            new SimpleModule("records")
                .setValueInstantiators(new AbsentComponents())
                .addDeserializer(Float.class, new FloatInRange())
                .addDeserializer(Float.TYPE, new FloatInRange()))
        .enable(
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(
            MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .withCoercionConfig(
            LogicalType.Textual,
            config ->
                config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }

  /** One value of an object, with its place. */
  record Part(String where, String path, JsonNode node) {
    /** The value as a record. */
    <T> T as(Class<T> type) {
      return bind(where, path, node, type);
    }

    /** The value as a map of maps, lists, strings, numbers, booleans and nulls. */
    Map<String, Object> asMap() {
      if (!(as(Object.class) instanceof Map<?, ?> free)) {
        throw new BundleException(
            JsonErrors.join(where, path)
                + ": expected an object, found "
                + JsonErrors.describe(node));
      }
      Map<String, Object> copy = new LinkedHashMap<>();
      free.forEach((key, value) -> copy.put((String) key, value));
      return Collections.unmodifiableMap(copy);
    }
  }

  private static final class LowerCaseEnums extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public String[] findEnumValues(
        MapperConfig<?> config, AnnotatedClass type, Enum<?>[] values, String[] names) {
      for (int i = 0; i < values.length; i++) {
        names[i] = values[i].name().toLowerCase(Locale.ROOT);
      }
      return names;
    }
  }

  /** Refuses numbers that are finite as a double but not as a float. */
  private static final class FloatInRange extends ValueDeserializer<Float> {
    @Override
    public Float deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.currentToken().isNumeric()) {
        return (Float) context.handleUnexpectedToken(Float.class, parser);
      }
      float value = (float) parser.getDoubleValue();
      if (Float.isInfinite(value)) {
        return (Float)
            context.handleWeirdNumberValue(Float.class, parser.getDoubleValue(), "out of range");
      }
      return value;
    }
  }
}
