package dev.spectron.training.run;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.bundle.SafetensorsWriter;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import dev.spectron.djl.DjlAdamW;
import dev.spectron.training.process.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run at one moment, as a folder {@code checkpoint-STEPS}: {@code weights.safetensors}, {@code
 * moments.safetensors} and, written last, {@code state.json}. The folder appears under its name
 * only when whole.
 */
public final class Checkpoint implements AutoCloseable {
  private static final String PREFIX = "checkpoint-";
  private static final String PARTIAL = ".partial";
  private static final int KEPT = 2;

  private final Path folder;
  private final Safetensors weights;
  private final Safetensors moments;

  private Checkpoint(Path folder, Safetensors weights, Safetensors moments) {
    this.folder = folder;
    this.weights = weights;
    this.moments = moments;
  }

  /**
   * Writes one and removes those before the last two.
   *
   * @param run folder of the run
   * @param steps taken so far
   * @param state what is no tensor: a record
   * @param parameters by path
   * @param moments the optimisers' state, by path
   */
  public static void write(
      Path run,
      long steps,
      Object state,
      Map<String, NDArray> parameters,
      Map<String, DjlAdamW.Moments> moments) {
    Path folder = run.resolve(PREFIX + "%08d".formatted(steps));
    Path partial = run.resolve(folder.getFileName() + PARTIAL);
    try {
      FileTree.delete(partial);
      Files.createDirectories(partial);
      SafetensorsWriter.write(partial.resolve("weights.safetensors"), Map.of(), stored(parameters));
      SafetensorsWriter.write(
          partial.resolve("moments.safetensors"), Map.of(), storedMoments(moments));
      AtomicFile.write(partial.resolve("state.json"), Json.document(state));
      FileTree.delete(folder);
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
      List<Path> all = all(run);
      for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
        FileTree.delete(old);
      }
    } catch (IOException e) {
      throw new TrainingException(
          folder + ": checkpoint cannot be written: " + e.getMessage() + "; check the space left",
          e);
    }
  }

  /** The newest whole checkpoint of a run, or none. */
  public static Optional<Path> latest(Path run) {
    List<Path> all = all(run);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /**
   * The newest whole checkpoint of a run.
   *
   * @throws TrainingException if it has none
   */
  public static Path requireLatest(Path run) {
    return latest(run)
        .orElseThrow(
            () -> new TrainingException(run + ": expected a checkpoint, found none; train first"));
  }

  /**
   * Opens a checkpoint.
   *
   * @throws dev.spectron.core.error.BundleException if a file is missing or malformed
   */
  public static Checkpoint open(Path folder) {
    Safetensors weights = Safetensors.open(folder.resolve("weights.safetensors"));
    try {
      return new Checkpoint(
          folder, weights, Safetensors.open(folder.resolve("moments.safetensors")));
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /**
   * What is no tensor.
   *
   * @param type the record that was written
   * @throws dev.spectron.core.error.BundleException if another one was
   */
  public <S> S state(Class<S> type) {
    return Json.read(folder.resolve("state.json"), type);
  }

  /** All parameters. */
  public WeightSource weights() {
    return (path, shape, init) -> weights.get(path, shape);
  }

  /** Names of all parameters. */
  public List<String> parameterNames() {
    return List.copyOf(weights.names());
  }

  /** Shape of one parameter. */
  public Shape shape(String path) {
    return weights.get(path).shape();
  }

  /** Values of one parameter, row-major. */
  public float[] values(String path) {
    return weights.get(path).toFloats();
  }

  /** The optimiser's state by path. */
  public Map<String, DjlAdamW.Moments> moments() {
    Map<String, DjlAdamW.Moments> byPath = new LinkedHashMap<>();
    for (String name : moments.names()) {
      if (name.endsWith(".mean")) {
        String path = name.substring(0, name.length() - ".mean".length());
        byPath.put(
            path,
            new DjlAdamW.Moments(
                moments.get(name).toFloats(), moments.get(path + ".square").toFloats()));
      }
    }
    return byPath;
  }

  @Override
  public void close() {
    weights.close();
    moments.close();
  }

  private static List<StoredTensor> stored(Map<String, NDArray> parameters) {
    return parameters.entrySet().stream()
        .map(
            e ->
                new StoredTensor(
                    e.getKey(), DType.F32, shape(e.getValue()), () -> e.getValue().toFloatArray()))
        .toList();
  }

  private static List<StoredTensor> storedMoments(Map<String, DjlAdamW.Moments> moments) {
    List<StoredTensor> tensors = new ArrayList<>();
    moments.forEach(
        (path, both) -> {
          Shape shape = Shape.of(both.mean().length);
          tensors.add(new StoredTensor(path + ".mean", DType.F32, shape, both::mean));
          tensors.add(new StoredTensor(path + ".square", DType.F32, shape, both::square));
        });
    return tensors;
  }

  private static Shape shape(NDArray array) {
    return Shape.of(
        Arrays.stream(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray());
  }

  private static List<Path> all(Path run) {
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(run)) {
      return entries
          .filter(p -> p.getFileName().toString().matches(PREFIX + "[0-9]{8,}"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new TrainingException(run + ": cannot be listed: " + e.getMessage(), e);
    }
  }
}
