package dev.spectron.importers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model card says of an imported part: enough to name its maker, and to export it again. */
final class PartCard {
  /** Key of the parts in the card. */
  static final String PARTS = "parts";

  /** Key of the foreign configuration in a part. */
  static final String CONFIG = "config";

  private PartCard() {}

  static Map<String, Object> of(
      String stage, ImportOptions options, ImportReport report, Map<String, Object> config) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("name", options.name());
    part.put("licence", options.licence().orElse("not stated; see the maker's page"));
    options.source().ifPresent(source -> part.put("source", source));
    part.put("architecture", report.architecture());
    part.put("parameters", report.parameters());
    part.put("tensors", report.tensors());
    part.put("left_out", List.copyOf(report.needless()));
    part.put("added_tokens", report.tokens());
    part.put(CONFIG, config);
    return Map.of(PARTS, Map.of(stage, part));
  }
}
