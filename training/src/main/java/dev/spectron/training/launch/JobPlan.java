package dev.spectron.training.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What launching a job does: no more and no less.
 *
 * @param files written first, by path
 * @param command run then
 * @param environment of the command, beside that of the launcher
 */
public record JobPlan(
    Map<Path, String> files, List<String> command, Map<String, String> environment) {
  /** Copies the collections. */
  public JobPlan {
    files = Map.copyOf(files);
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** For people: every file and the command. */
  public String text() {
    StringBuilder text = new StringBuilder();
    files.forEach(
        (path, content) ->
            text.append("# ").append(path).append('\n').append(content).append('\n'));
    environment.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> text.append("%s=%s ".formatted(e.getKey(), Shell.quoted(e.getValue()))));
    return text.append(Shell.line(command)).append('\n').toString();
  }
}
