package dev.spectron.training.run;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.bundle.ContentHash;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.bundle.SafetensorsWriter;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import dev.spectron.djl.DjlAdamW;
import dev.spectron.training.exchange.GradientExchange;
import dev.spectron.training.process.FileTree;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A run at one moment, as a folder {@code checkpoint-STEPS}: {@code weights.safetensors}, {@code
 * moments-RANK-of-RANKS.safetensors} of each rank, {@code state.json} and, written last, {@code
 * files.json} with a hash of each. The folder appears under its name only when whole.
 */
public final class Checkpoint implements AutoCloseable {
  private static final String PREFIX = "checkpoint-";
  private static final String PARTIAL = ".partial";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String MOMENTS = "moments-%05d-of-%05d.safetensors";
  private static final String STATE = "state.json";
  private static final String FILES = "files.json";
  private static final int KEPT = 2;
  private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());

  private final Path folder;
  private final Safetensors weights;
  private final List<Safetensors> moments;

  private Checkpoint(Path folder, Safetensors weights, List<Safetensors> moments) {
    this.folder = folder;
    this.weights = weights;
    this.moments = moments;
  }

  /**
   * Files and their hashes.
   *
   * @param hashes by name
   */
  private record Contents(Map<String, String> hashes) {}

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
    write(run, steps, state, parameters, moments, GradientExchange.alone());
  }

  /**
   * Writes one together with the other ranks, which see the same folder: each the moments it has,
   * rank 0 everything else.
   */
  public static void write(
      Path run,
      long steps,
      Object state,
      Map<String, NDArray> parameters,
      Map<String, DjlAdamW.Moments> moments,
      GradientExchange exchange) {
    Path folder = run.resolve(PREFIX + "%08d".formatted(steps));
    Path partial = run.resolve(folder.getFileName() + PARTIAL);
    boolean first = exchange.rank() == 0;
    try {
      if (first) {
        FileTree.delete(partial);
        Files.createDirectories(partial);
      }
      exchange.barrier();
      SafetensorsWriter.write(
          partial.resolve(MOMENTS.formatted(exchange.rank(), exchange.ranks())),
          Map.of(),
          storedMoments(moments));
      exchange.barrier();
      if (first) {
        SafetensorsWriter.write(partial.resolve(WEIGHTS), Map.of(), stored(parameters));
        AtomicFile.write(partial.resolve(STATE), Json.document(state));
        AtomicFile.write(partial.resolve(FILES), Json.document(hashes(partial)));
        FileTree.delete(folder);
        Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        List<Path> all = all(run);
        for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
          FileTree.delete(old);
        }
      }
      exchange.barrier();
    } catch (IOException e) {
      throw new TrainingException(
          folder + ": checkpoint cannot be written: " + e.getMessage() + "; check the space left",
          e);
    }
  }

  /**
   * The newest whole checkpoint of a run, or none. One that was damaged is passed over.
   *
   * @throws TrainingException if all are damaged: to begin anew would overwrite what is left
   */
  public static Optional<Path> latest(Path run) {
    List<Path> all = all(run);
    for (Path folder : all.reversed()) {
      List<String> damaged = damaged(folder);
      if (damaged.isEmpty()) {
        return Optional.of(folder);
      }
      LOG.log(Level.WARNING, "{0}: passed over, as {1} is not what was written", folder, damaged);
    }
    if (!all.isEmpty()) {
      throw new TrainingException(
          "%s: expected a whole checkpoint, found %d, none as it was written; delete them to begin anew"
              .formatted(run, all.size()));
    }
    return Optional.empty();
  }

  /** The same on every rank: the one that rank 0 finds. */
  public static Optional<Path> latest(Path run, GradientExchange exchange) {
    double[] steps = {0};
    if (exchange.rank() == 0) {
      latest(run).ifPresent(folder -> steps[0] = 1 + steps(folder));
    }
    exchange.sum(steps);
    return steps[0] == 0
        ? Optional.empty()
        : Optional.of(run.resolve(PREFIX + "%08d".formatted((long) steps[0] - 1)));
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
    List<Safetensors> opened = new ArrayList<>();
    try {
      for (String name : Json.read(folder.resolve(FILES), Contents.class).hashes().keySet()) {
        if (name.startsWith("moments-")) {
          opened.add(Safetensors.open(folder.resolve(name)));
        }
      }
      return new Checkpoint(folder, Safetensors.open(folder.resolve(WEIGHTS)), opened);
    } catch (RuntimeException e) {
      opened.forEach(Safetensors::close);
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
    return Json.read(folder.resolve(STATE), type);
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

  /** The optimiser's state by path, of all ranks. */
  public Map<String, DjlAdamW.Moments> moments() {
    Map<String, DjlAdamW.Moments> byPath = new LinkedHashMap<>();
    for (Safetensors share : moments) {
      for (String name : share.names()) {
        if (name.endsWith(".mean")) {
          String path = name.substring(0, name.length() - ".mean".length());
          byPath.put(
              path,
              new DjlAdamW.Moments(
                  share.get(name).toFloats(), share.get(path + ".square").toFloats()));
        }
      }
    }
    return byPath;
  }

  @Override
  public void close() {
    weights.close();
    moments.forEach(Safetensors::close);
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

  private static Contents hashes(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> hashes.put(file.getFileName().toString(), hash(file)));
    }
    return new Contents(hashes);
  }

  private static String hash(Path file) {
    ContentHash hash = new ContentHash();
    hash.add(file);
    return hash.shortHex();
  }

  /** Names of files that are not as they were written. */
  private static List<String> damaged(Path folder) {
    try {
      return Json.read(folder.resolve(FILES), Contents.class).hashes().entrySet().stream()
          .filter(entry -> !isWhole(folder.resolve(entry.getKey()), entry.getValue()))
          .map(Map.Entry::getKey)
          .toList();
    } catch (BundleException e) {
      return List.of(FILES);
    }
  }

  private static boolean isWhole(Path file, String hash) {
    try {
      return hash(file).equals(hash);
    } catch (BundleException e) {
      return false;
    }
  }

  private static long steps(Path folder) {
    return Long.parseLong(folder.getFileName().toString().substring(PREFIX.length()));
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
