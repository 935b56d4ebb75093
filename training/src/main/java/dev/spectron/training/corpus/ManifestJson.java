package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** One line of {@code manifest.jsonl} to a {@link CorpusItem} and back. */
final class ManifestJson {
  static final int MAX_LINE = 8_192;

  private final JsonMapper mapper =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxStringLength(MAX_LINE)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  String line(CorpusItem item) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", item.id());
    fields.put("split", item.split().label());
    fields.put("category", item.category());
    fields.put("key", item.key());
    fields.put("held_out", item.heldOut());
    fields.put("question", item.question());
    fields.put("answer", item.answer());
    fields.put("short_answer", item.shortAnswer());
    fields.put("voice", item.voice());
    fields.put("voice_held_out", item.voiceHeldOut());
    fields.put("condition", item.condition().label());
    fields.put("question_audio", fields(item.questionAudio()));
    fields.put("answer_audio", fields(item.answerAudio()));
    return mapper.writeValueAsString(fields);
  }

  String document(Map<String, Object> fields) {
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(fields) + "\n";
  }

  Map<String, Object> parse(String where, String json) {
    try {
      Map<String, Object> fields =
          mapper.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
      if (fields == null) {
        throw new TrainingException(where + ": expected a JSON object, found null");
      }
      return fields;
    } catch (JacksonException e) {
      throw new TrainingException(
          where + ": expected a JSON object, found: " + e.getOriginalMessage(), e);
    }
  }

  CorpusItem item(String where, String line) {
    Fields fields = new Fields(where, parse(where, line));
    CorpusItem item;
    try {
      item =
          new CorpusItem(
              fields.text("id"),
              Split.ofLabel(fields.text("split")),
              fields.text("category"),
              fields.text("key"),
              fields.flag("held_out"),
              fields.text("question"),
              fields.text("answer"),
              fields.text("short_answer"),
              fields.text("voice"),
              fields.flag("voice_held_out"),
              Condition.ofLabel(fields.text("condition")),
              fields.audio("question_audio"),
              fields.audio("answer_audio"));
    } catch (TrainingException e) {
      throw e.getMessage().startsWith(where)
          ? e
          : new TrainingException(where + ": " + e.getMessage(), e);
    }
    fields.requireEmpty();
    return item;
  }

  private static Map<String, Object> fields(AudioRange range) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", range.file());
    fields.put("offset", range.offset());
    fields.put("samples", range.samples());
    return fields;
  }

  /** Takes typed fields out of an object, so that what is left over is unknown. */
  record Fields(String where, Map<String, Object> rest) {
    String text(String name) {
      return take(name, String.class, "a string");
    }

    boolean flag(String name) {
      return take(name, Boolean.class, "true or false");
    }

    long number(String name) {
      Object value = rest.remove(name);
      if (value instanceof Integer || value instanceof Long) {
        return ((Number) value).longValue();
      }
      throw mismatch(name, "a whole number", value);
    }

    AudioRange audio(String name) {
      Map<?, ?> inner = take(name, Map.class, "an object");
      Map<String, Object> copy = new LinkedHashMap<>();
      inner.forEach((key, value) -> copy.put((String) key, value));
      Fields fields = new Fields(where + ": " + name, copy);
      AudioRange range =
          new AudioRange(
              fields.text("file"),
              fields.number("offset"),
              (int) Math.min(fields.number("samples"), Integer.MAX_VALUE));
      fields.requireEmpty();
      return range;
    }

    void requireEmpty() {
      if (!rest.isEmpty()) {
        throw new TrainingException(
            where + ": unknown key \"" + rest.keySet().iterator().next() + "\"");
      }
    }

    private <T> T take(String name, Class<T> type, String expected) {
      Object value = rest.remove(name);
      if (!type.isInstance(value)) {
        throw mismatch(name, expected, value);
      }
      return type.cast(value);
    }

    private TrainingException mismatch(String name, String expected, Object value) {
      String found = value == null ? "nothing" : value.getClass().getSimpleName() + " " + value;
      return new TrainingException(
          where + ": " + name + ": expected " + expected + ", found " + found);
    }
  }
}
