package dev.spectron.training.dataset;

import dev.spectron.core.bundle.TextLines;
import dev.spectron.core.error.TrainingException;
import dev.spectron.training.dataset.JsonlManifest.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Cuts as Lhotse writes them, one {@code MonoCut} a line: a piece of a recording in a file, and
 * what is said in it.
 */
final class LhotseCuts {
  private LhotseCuts() {}

  /** Reads a manifest of cuts, plain or gzipped. */
  static List<Recording> read(Path path) {
    List<Recording> recordings = new ArrayList<>();
    TextLines.read(
        path,
        (where, number, line) ->
            recordings.add(cut(path, where, JsonlManifest.object(where, line))));
    return recordings;
  }

  private static Recording cut(Path path, String where, JsonObject cut) {
    String type = cut.optionalText("type", "MonoCut");
    if (!type.equals("MonoCut")) {
      throw new TrainingException(
          where
              + ": type: expected MonoCut, found "
              + type
              + "; split mixed and multi-channel cuts");
    }
    List<JsonObject> sources = cut.object("recording").objects("sources");
    if (sources.size() != 1 || !sources.getFirst().text("type").equals("file")) {
      throw new TrainingException(
          where + ": recording.sources: expected one of type file, found " + sources.size());
    }
    List<JsonObject> supervisions =
        cut.values().containsKey("supervisions") ? cut.objects("supervisions") : List.of();
    String text =
        supervisions.stream()
            .map(supervision -> supervision.optionalText("text", ""))
            .collect(Collectors.joining(" "));
    List<String> speakers =
        supervisions.stream()
            .map(supervision -> supervision.optionalText("speaker", ""))
            .distinct()
            .toList();
    return new Recording(
        where,
        cut.text("id"),
        ManifestPath.beside(path, where, sources.getFirst().text("source")),
        cut.number("start"),
        cut.number("duration"),
        text.strip(),
        List.of(),
        speakers.size() == 1 ? speakers.getFirst() : "");
  }
}
