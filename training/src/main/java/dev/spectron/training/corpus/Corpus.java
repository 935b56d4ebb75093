package dev.spectron.training.corpus;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An opened corpus folder: its items, and their sound mapped into memory. Safe for several threads
 * until closed.
 *
 * <p>Every line, range and rule is checked when the folder opens, so a sound can always be read
 * afterwards.
 */
public final class Corpus implements AutoCloseable {
  /** Version of the folder's layout. */
  public static final int FORMAT = 1;

  /** Rate of every sound, Hz. */
  public static final int SAMPLE_RATE = ClipShaper.SAMPLE_RATE;

  private static final int MAX_ITEMS = 2_000_000;
  private static final long MAX_MANIFEST_BYTES = 1L << 30;
  private static final long MAX_SUMMARY_BYTES = 1L << 20;
  private static final ValueLayout.OfShort SAMPLE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final List<CorpusItem> items;
  private final Map<String, MemorySegment> files;

  private Corpus(Arena arena, List<CorpusItem> items, Map<String, MemorySegment> files) {
    this.arena = arena;
    this.items = items;
    this.files = files;
  }

  /**
   * Opens a folder that {@link CorpusRenderer} wrote.
   *
   * @throws TrainingException naming file and line, if anything is missing, malformed or against
   *     the split rule
   */
  @SuppressWarnings("MustBeClosedChecker")
  public static Corpus open(Path folder) {
    Arena arena = Arena.ofShared();
    try {
      checkSummary(folder.resolve("corpus.json"));
      List<CorpusItem> items = readManifest(folder.resolve("manifest.jsonl"));
      Map<String, MemorySegment> files = new HashMap<>();
      for (CorpusItem item : items) {
        check(item, item.questionAudio(), folder, files, arena);
        check(item, item.answerAudio(), folder, files, arena);
      }
      return new Corpus(arena, items, files);
    } catch (IOException e) {
      arena.close();
      throw new TrainingException(
          "corpus " + folder + ": expected a corpus folder, found: " + e, e);
    } catch (BundleException e) {
      arena.close();
      throw new TrainingException(e.getMessage(), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** All items, training first, in the order of the manifest. */
  public List<CorpusItem> items() {
    return items;
  }

  /** The items of one side. */
  public List<CorpusItem> items(Split split) {
    return items.stream().filter(item -> item.split() == split).toList();
  }

  /**
   * The items of some kinds of questions, on both sides. Shares the files: close one of the two.
   *
   * @param categories empty for all
   * @throws TrainingException if the corpus has no training items of one of them
   */
  public Corpus only(List<String> categories) {
    for (String category : categories) {
      if (items(Split.TRAIN).stream().noneMatch(item -> item.category().equals(category))) {
        throw new TrainingException(
            "corpus: expected training items of category %s, found none; render a larger corpus or leave it out of categories"
                .formatted(category));
      }
    }
    List<CorpusItem> some =
        items.stream()
            .filter(item -> categories.isEmpty() || categories.contains(item.category()))
            .toList();
    return new Corpus(arena, some, files);
  }

  /**
   * Reads a question from the mapped file.
   *
   * @return its sound at 16 kHz, in [−1, 1); a new array
   */
  public float[] questionSamples(CorpusItem item) {
    return samples(item.questionAudio());
  }

  /**
   * Reads an answer from the mapped file.
   *
   * @return its sound at 16 kHz, in [−1, 1); a new array
   */
  public float[] answerSamples(CorpusItem item) {
    return samples(item.answerAudio());
  }

  /** Unmaps the sound; reading it afterwards is an error. */
  @Override
  public void close() {
    arena.close();
  }

  private float[] samples(AudioRange range) {
    MemorySegment file = files.get(range.file());
    if (file == null) {
      throw new IllegalArgumentException(
          "corpus: expected an item of this corpus, found one in " + range.file());
    }
    float[] samples = new float[range.samples()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = file.get(SAMPLE, 2 * (range.offset() + i)) / 32768f;
    }
    return samples;
  }

  private static void checkSummary(Path file) throws IOException {
    if (Files.size(file) > MAX_SUMMARY_BYTES) {
      throw new TrainingException(
          "corpus.json: expected at most "
              + MAX_SUMMARY_BYTES
              + " bytes, found "
              + Files.size(file));
    }
    Map<String, Object> summary = Json.parse("corpus.json", Files.readString(file));
    requireNumber("format", FORMAT, summary);
    requireNumber("sample_rate", SAMPLE_RATE, summary);
  }

  private static void requireNumber(String key, int expected, Map<String, Object> summary) {
    if (!Integer.valueOf(expected).equals(summary.get(key))) {
      throw new TrainingException(
          "corpus.json: "
              + key
              + ": expected "
              + expected
              + ", found "
              + summary.get(key)
              + "; render the corpus again");
    }
  }

  private static List<CorpusItem> readManifest(Path file) throws IOException {
    if (Files.size(file) > MAX_MANIFEST_BYTES) {
      throw new TrainingException(
          "manifest.jsonl: expected at most "
              + MAX_MANIFEST_BYTES
              + " bytes, found "
              + Files.size(file));
    }
    List<CorpusItem> items = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Json.readLines(
        file,
        CorpusItem.class,
        item -> {
          if (items.size() == MAX_ITEMS) {
            throw new TrainingException(
                "manifest.jsonl: expected at most " + MAX_ITEMS + " lines, found more");
          }
          if (!ids.add(item.id())) {
            throw new TrainingException(
                "manifest.jsonl: id: expected each once, found " + item.id() + " twice");
          }
          items.add(item);
        });
    if (items.isEmpty()) {
      throw new TrainingException(
          "manifest.jsonl: expected at least one line, found none; render the corpus again");
    }
    return List.copyOf(items);
  }

  private static void check(
      CorpusItem item, AudioRange range, Path folder, Map<String, MemorySegment> files, Arena arena)
      throws IOException {
    MemorySegment file = files.get(range.file());
    if (file == null) {
      file = map(folder.resolve(range.file()), arena);
      files.put(range.file(), file);
    }
    long end = 2 * (range.offset() + range.samples());
    if (end > file.byteSize()) {
      throw new TrainingException(
          "corpus item "
              + item.id()
              + ": expected "
              + end
              + " bytes in "
              + range.file()
              + ", found "
              + file.byteSize());
    }
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }
}
