package dev.spectron.cli;

import dev.spectron.core.error.SpokenLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which question's answer goes where, decided and checked before any work is done.
 *
 * @param items in the order of the command line
 */
record AnswerFiles(List<Item> items) {
  /** The question that comes in on standard input. */
  static final String STANDARD_INPUT = "-";

  /**
   * One question.
   *
   * @param question a path, or {@link #STANDARD_INPUT}
   * @param speech where the spoken answer goes; one path or none
   * @param plot where the picture goes; one path or none
   */
  record Item(String question, List<Path> speech, List<Path> plot) {}

  /**
   * Distributes the answers. Makes a folder that several answers go to.
   *
   * @param questions at least one
   * @param output option {@code -o}; one path or none
   * @param plot option {@code --plot}; one path or none
   * @throws UsageException if two answers would go to the same file, or one to a question's
   * @throws SpokenLmException if a folder is missing or cannot be made
   */
  static AnswerFiles plan(List<String> questions, List<Path> output, List<Path> plot) {
    if (questions.stream().filter(STANDARD_INPUT::equals).count() > 1) {
      throw new UsageException("-: expected once, as standard input can be read only once");
    }
    Target speech = new Target("-o", output, ".wav", questions.size() > 1);
    Target picture = new Target("--plot", plot, ".png", questions.size() > 1);
    Set<Path> taken = new HashSet<>();
    for (String question : questions) {
      if (!question.equals(STANDARD_INPUT)) {
        taken.add(absolute(Path.of(question)));
      }
    }
    List<Item> items = new ArrayList<>();
    for (String question : questions) {
      Item item = new Item(question, speech.of(question), picture.of(question));
      item.speech.forEach(path -> claim(path, taken));
      item.plot.forEach(path -> claim(path, taken));
      items.add(item);
    }
    speech.prepare();
    picture.prepare();
    return new AnswerFiles(List.copyOf(items));
  }

  /** Whether anything is written besides what is printed. */
  boolean areWritten() {
    return items.stream().anyMatch(item -> !item.speech.isEmpty() || !item.plot.isEmpty());
  }

  private static void claim(Path path, Set<Path> taken) {
    if (!taken.add(absolute(path))) {
      throw new UsageException(
          path + ": expected a file for one answer alone, found it in use; name another");
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** An option that names a file, or a folder of files. */
  private static final class Target {
    private final String option;
    private final List<Path> path;
    private final String extension;
    private final boolean isFolder;

    Target(String option, List<Path> path, String extension, boolean severalAnswers) {
      this.option = option;
      this.path = path;
      this.extension = extension;
      this.isFolder = severalAnswers || path.stream().anyMatch(Files::isDirectory);
    }

    List<Path> of(String question) {
      return path.stream().map(p -> isFolder ? p.resolve(fileName(question)) : p).toList();
    }

    /** Has the folder ready, so that hours of work do not end at a missing one. */
    void prepare() {
      for (Path target : path) {
        if (isFolder) {
          make(target);
        } else if (!Files.isDirectory(absolute(target).getParent())) {
          throw new SpokenLmException(
              "%s %s: expected an existing folder, found none; make %s first"
                  .formatted(option, target, absolute(target).getParent()));
        }
      }
    }

    private void make(Path folder) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new SpokenLmException(
            "%s %s: expected a folder for several files, found a file or no permission (%s)"
                .formatted(option, folder, e),
            e);
      }
    }

    private String fileName(String question) {
      if (question.equals(STANDARD_INPUT)) {
        return "standard-input" + extension;
      }
      String name = String.valueOf(Path.of(question).getFileName());
      int dot = name.lastIndexOf('.');
      return (dot > 0 ? name.substring(0, dot) : name) + extension;
    }
  }
}
