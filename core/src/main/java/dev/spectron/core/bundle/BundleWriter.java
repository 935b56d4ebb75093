package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a model bundle that appears whole or not at all: its files gather in a temporary folder,
 * which {@link #commit()} renames. Closing without a commit leaves nothing behind.
 *
 * <pre>{@code
 * try (BundleWriter writer = new BundleWriter(folder, "my-model")) {
 *   writer.config("lm", lmConfig);
 *   writer.weights("lm", metadata, tensors);
 *   writer.commit();
 * }
 * }</pre>
 */
public final class BundleWriter implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final Map<String, Object> config = new LinkedHashMap<>();

  /**
   * Starts a bundle.
   *
   * @param folder where it appears; nothing may be there yet, but its parent must exist
   * @param name what the model is called
   * @throws BundleException if the folder exists or cannot be made
   */
  public BundleWriter(Path folder, String name) {
    if (Files.exists(folder)) {
      throw new BundleException(
          folder + ": expected nothing there yet; remove it or choose another folder");
    }
    this.target = folder.toAbsolutePath();
    this.temporary = AtomicFile.temporaryBeside(target);
    config.put("format", ModelBundle.FORMAT);
    config.put("name", name);
    attempt(() -> Files.createDirectory(temporary));
  }

  /**
   * Sets the configuration of a stage.
   *
   * @param section one of {@link ModelBundle#SECTIONS}
   * @param value its record
   */
  public void config(String section, Record value) {
    if (!ModelBundle.SECTIONS.contains(section)) {
      throw new IllegalArgumentException(
          section + ": expected one of " + String.join(", ", ModelBundle.SECTIONS));
    }
    config.put(section, value);
  }

  /** Sets what is said about the model, free in form. */
  public void card(Map<String, Object> card) {
    config.put(ModelBundle.CARD, new LinkedHashMap<>(card));
  }

  /** Writes {@code tokenizer.json}. */
  public void tokenizer(String json) {
    writeText(ModelBundle.TOKENIZER, json);
  }

  /**
   * Writes the weights of a stage.
   *
   * @throws BundleException as {@link SafetensorsWriter#write}
   */
  public void weights(String stage, Map<String, String> metadata, List<StoredTensor> tensors) {
    SafetensorsWriter.write(temporary.resolve(ModelBundle.fileName(stage)), metadata, tensors);
  }

  /**
   * Makes the bundle appear.
   *
   * @throws BundleException if a number is not finite or the folder cannot be written
   */
  public void commit() {
    writeText(ModelBundle.CONFIG, Json.document(config));
    attempt(
        () -> {
          AtomicFile.force(temporary);
          Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
          AtomicFile.force(target.getParent());
        });
  }

  /** Removes what was not committed. */
  @Override
  public void close() {
    if (!Files.exists(temporary)) {
      return;
    }
    attempt(
        () -> {
          try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
              Files.delete(file);
            }
          }
          Files.delete(temporary);
        });
  }

  private void writeText(String name, String text) {
    attempt(() -> AtomicFile.write(temporary.resolve(name), text));
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new BundleException(
          "%s: cannot be written (%s); check the folder, its permissions and the space left"
              .formatted(target, e),
          e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}
