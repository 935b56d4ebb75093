package dev.spectron.training.eval.suite;

import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.eval.Disturbance;
import dev.spectron.training.eval.Heard;
import dev.spectron.training.process.FolderLock;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a run stored, so that suites share it and a run that was cut off goes on: {@code run.json},
 * {@code answers.jsonl}, {@code heard.jsonl} and {@code speech/<item>.wav}.
 */
final class RunFolder implements AutoCloseable {
  private static final String RUN = "run.json";
  private static final String SPEECH = "speech";

  private final Path folder;
  private final FolderLock lock;
  private final Map<String, StoredAnswer> answers = new HashMap<>();
  private final Map<String, Heard> heard = new HashMap<>();
  private final Journal<StoredAnswer> answerLines;
  private final Journal<StoredHeard> heardLines;

  private RunFolder(Path folder, FolderLock lock) {
    this.folder = folder;
    this.lock = lock;
    this.answerLines =
        Journal.open(folder.resolve("answers.jsonl"), StoredAnswer.class, this::remember);
    try {
      this.heardLines =
          Journal.open(folder.resolve("heard.jsonl"), StoredHeard.class, this::remember);
    } catch (RuntimeException e) {
      answerLines.close();
      throw e;
    }
  }

  /**
   * Opens a folder of an earlier run, or begins one.
   *
   * @throws TrainingException if it holds something else, or what another model, corpus, back end
   *     or seed gave, or another process writes there
   */
  static RunFolder open(Path folder, Fingerprint fingerprint) {
    try {
      Path run = folder.resolve(RUN);
      if (!Files.exists(run)) {
        requireEmpty(folder);
        Files.createDirectories(folder);
      }
      FolderLock lock = FolderLock.take(folder);
      try {
        if (Files.exists(run)) {
          requireSame(folder, Json.read(run, Fingerprint.class), fingerprint);
        } else {
          AtomicFile.write(run, Json.document(fingerprint));
        }
        Files.createDirectories(folder.resolve(SPEECH));
        return new RunFolder(folder, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (BundleException e) {
      throw new TrainingException(e.getMessage() + "; name another --out, or delete " + folder, e);
    } catch (IOException e) {
      throw new TrainingException(
          folder + ": cannot be written (" + e + "); check the path and its permissions", e);
    }
  }

  /** The answer to a question; one element, or none if it is not stored with its sound. */
  List<StoredAnswer> answer(String item, Disturbance disturbance) {
    StoredAnswer answer = answers.get(key(item, disturbance));
    boolean whole =
        answer != null && (disturbance != Disturbance.CLEAN || Files.exists(speechFile(item)));
    return whole ? List.of(answer) : List.of();
  }

  /** Stores an answer, and its sound where the question was not disturbed. */
  void add(StoredAnswer answer, Waveform speech) {
    if (answer.disturbance() == Disturbance.CLEAN) {
      try {
        AtomicFile.write(
            speechFile(answer.item()),
            channel -> WavFile.write(answer.item(), Channels.newOutputStream(channel), speech));
      } catch (IOException e) {
        throw new TrainingException(
            speechFile(answer.item()) + ": cannot be written (" + e + "); free some space", e);
      }
    }
    answerLines.add(answer);
    remember(answer);
  }

  /**
   * The stored sound of an answer to an undisturbed question, 16 bits a sample.
   *
   * @throws dev.spectron.core.error.AudioException naming the file, if it cannot be read
   */
  Waveform speech(String item) {
    return WavFile.read(speechFile(item));
  }

  /** What a recogniser heard around a question; one element, or none if it did not listen yet. */
  List<Heard> heard(String item, String recogniser) {
    Heard found = heard.get(item + " " + recogniser);
    return found == null ? List.of() : List.of(found);
  }

  /** Stores what was heard. */
  void add(StoredHeard line) {
    heardLines.add(line);
    remember(line);
  }

  @Override
  public void close() {
    answerLines.close();
    heardLines.close();
    lock.close();
  }

  private void remember(StoredAnswer answer) {
    answers.put(key(answer.item(), answer.disturbance()), answer);
  }

  private void remember(StoredHeard line) {
    heard.put(line.item() + " " + line.recogniser(), line.heard());
  }

  private Path speechFile(String item) {
    return folder.resolve(SPEECH).resolve(item + ".wav");
  }

  private static String key(String item, Disturbance disturbance) {
    return item + " " + disturbance;
  }

  private static void requireSame(Path folder, Fingerprint found, Fingerprint expected) {
    if (!found.equals(expected)) {
      throw new TrainingException(
          "%s: expected answers of %s, found those of %s; name another --out, or delete this one"
              .formatted(folder, expected, found));
    }
  }

  /** The folder may be new, and nothing else: what lies there is not ours to mix with. */
  private static void requireEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> others =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals(FolderLock.FILE) && !name.startsWith("." + RUN))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw new TrainingException(
            "%s: expected a new folder or one of an evaluation, found %s; name another --out"
                .formatted(folder, others.getFirst()));
      }
    }
  }
}
