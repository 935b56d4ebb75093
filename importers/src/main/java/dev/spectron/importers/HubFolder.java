package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A checkpoint in the layout of Hugging Face transformers: {@code config.json}, and {@code
 * model.safetensors} or {@code model.safetensors.index.json} with the files it names. Files are
 * mapped, not read.
 */
final class HubFolder implements TensorFiles {
  private static final String CONFIG = "config.json";
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final int MAX_SHARDS = 1000;

  private final Path folder;
  private final HubConfig config;
  private final List<Safetensors> files;
  private final Map<String, Safetensors> home;

  private HubFolder(
      Path folder, HubConfig config, List<Safetensors> files, Map<String, Safetensors> home) {
    this.folder = folder;
    this.config = config;
    this.files = files;
    this.home = home;
  }

  /**
   * Opens a folder.
   *
   * @throws BundleException if a file is missing or malformed, index and files disagree, or the
   *     weights are pickled
   */
  static HubFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BundleException(
          folder
              + ": expected a folder with config.json and model.safetensors, found "
              + (Files.exists(folder) ? "a file" : "nothing")
              + "; check the path",
          ErrorCode.BUNDLE_MISSING);
    }
    List<Safetensors> files = new ArrayList<>();
    boolean opened = false;
    try {
      HubConfig config = new HubConfig(CONFIG, "", read(folder, CONFIG));
      Map<String, Safetensors> home =
          Files.exists(folder.resolve(INDEX)) ? sharded(folder, files) : single(folder, files);
      opened = true;
      return new HubFolder(folder, config, List.copyOf(files), home);
    } finally {
      if (!opened) {
        files.forEach(Safetensors::close);
      }
    }
  }

  private static Map<String, Object> read(Path folder, String name) {
    if (!Files.exists(folder.resolve(name))) {
      throw new BundleException(
          folder + ": expected " + name + ", found none; download the whole folder",
          ErrorCode.BUNDLE_MISSING);
    }
    return Json.read(folder.resolve(name));
  }

  private static Map<String, Safetensors> single(Path folder, List<Safetensors> files) {
    if (!Files.exists(folder.resolve(SINGLE))) {
      Optional<String> pickled = pickled(folder);
      if (pickled.isPresent()) {
        throw pickledCheckpoint(folder.resolve(pickled.get()));
      }
      throw new BundleException(
          folder + ": expected " + SINGLE + " or " + INDEX + ", found neither",
          ErrorCode.BUNDLE_MISSING);
    }
    Safetensors file = open(folder.resolve(SINGLE), files);
    Map<String, Safetensors> home = new LinkedHashMap<>();
    file.names().forEach(name -> home.put(name, file));
    return home;
  }

  private static Map<String, Safetensors> sharded(Path folder, List<Safetensors> files) {
    if (!(read(folder, INDEX).get("weight_map") instanceof Map<?, ?> map)) {
      throw new BundleException(INDEX + ": weight_map: expected an object, found none");
    }
    Map<String, Safetensors> byFile = new TreeMap<>();
    Map<String, Safetensors> home = new LinkedHashMap<>();
    map.forEach(
        (tensor, value) -> {
          if (!(value instanceof String shard) || !shard.matches("[\\w.-]{1,200}\\.safetensors")) {
            throw new BundleException(
                "%s: %s: expected the name of a safetensors file beside it, found %s"
                    .formatted(INDEX, tensor, value));
          }
          if (byFile.size() == MAX_SHARDS && !byFile.containsKey(shard)) {
            throw new BundleException(
                INDEX + ": expected at most " + MAX_SHARDS + " files, found more");
          }
          Safetensors file =
              byFile.computeIfAbsent(shard, name -> open(folder.resolve(name), files));
          if (!file.names().contains(tensor)) {
            throw new BundleException(
                "%s: %s: expected it in %s, found no such tensor there; download both again"
                    .formatted(INDEX, tensor, shard));
          }
          home.put((String) tensor, file);
        });
    byFile.forEach(
        (shard, file) -> {
          for (String tensor : file.names()) {
            if (home.get(tensor) != file) {
              throw new BundleException(
                  "%s: %s: %s does not say that it is here; download both again"
                      .formatted(shard, tensor, INDEX));
            }
          }
        });
    return home;
  }

  private static Safetensors open(Path path, List<Safetensors> files) {
    refuseDisguised(path);
    Safetensors file = Safetensors.open(path);
    files.add(file);
    return file;
  }

  private static Optional<String> pickled(Path folder) {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> name.matches(".*\\.(bin|pt|pth|ckpt|nemo|pkl|tar)"))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new BundleException(folder + ": cannot be read (" + e + ")", e);
    }
  }

  /** A zip archive or a pickle under the name of a safetensors file. */
  private static void refuseDisguised(Path path) {
    if (!Files.isRegularFile(path)) {
      return;
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] start = in.readNBytes(9);
      if (start.length == 9 && start[8] != '{') {
        boolean zip = start[0] == 'P' && start[1] == 'K' && start[2] == 3;
        boolean pickle = start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5;
        if (zip || pickle) {
          throw pickledCheckpoint(path);
        }
      }
    } catch (IOException e) {
      throw new BundleException(path + ": cannot be read (" + e + ")", e);
    }
  }

  private static BundleException pickledCheckpoint(Path path) {
    return new BundleException(
        "%s: expected safetensors, found a pickled checkpoint: reading one runs whatever code its maker put in; convert it on a machine you can spare, in Python: AutoModel.from_pretrained(\"%s\").save_pretrained(\"converted\", safe_serialization=True)"
            .formatted(path.getFileName(), path.toAbsolutePath().getParent().getFileName()));
  }

  /** {@code config.json}. */
  HubConfig config() {
    return config;
  }

  /** Where a file of this name would lie. */
  Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public String where() {
    return files.size() == 1 ? files.getFirst().name() : INDEX;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(home.keySet());
  }

  @Override
  public Shape shape(String name) {
    return get(name).shape();
  }

  @Override
  public DType dtype(String name) {
    DType stored = get(name).dtype();
    return switch (stored) {
      case F32, F16, BF16 -> stored;
      case F64 -> DType.F32;
      case I64, I32, I8, U8 ->
          throw new BundleException(
              "%s: %s: expected F32, F16 or BF16, found %s; import the checkpoint before it was quantised"
                  .formatted(where(), name, stored));
    };
  }

  @Override
  public WeightData get(String name) {
    return home.get(name).get(name);
  }

  @Override
  public void close() {
    files.forEach(Safetensors::close);
  }
}
