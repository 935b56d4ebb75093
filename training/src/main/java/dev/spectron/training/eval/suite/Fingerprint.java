package dev.spectron.training.eval.suite;

import dev.spectron.core.bundle.ContentHash;
import dev.spectron.core.bundle.Json;
import dev.spectron.training.dataset.Recording;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What stored answers belong to.
 *
 * @param format version of the out folder's layout
 * @param model name and hash of the files
 * @param corpus hash of the manifest, or of the recordings of a set
 * @param backend that computed: another rounds otherwise
 * @param seed that drew the questions
 */
public record Fingerprint(int format, String model, String corpus, String backend, long seed) {
  /** Version of the out folder's layout. */
  public static final int FORMAT = 1;

  /**
   * Of a run that is about to begin.
   *
   * @param model what tells the model from others
   * @param corpus folder of the corpus
   * @throws dev.spectron.core.error.BundleException if its manifest cannot be read
   */
  public static Fingerprint of(String model, Path corpus, String backend, long seed) {
    ContentHash hash = new ContentHash();
    hash.add(corpus.resolve("manifest.jsonl"));
    return new Fingerprint(FORMAT, model, hash.shortHex(), backend, seed);
  }

  /**
   * Of a run over recordings of others.
   *
   * @param recordings what is asked, and their files as they are now
   * @throws dev.spectron.core.error.BundleException if a file cannot be read
   */
  public static Fingerprint ofSet(String model, List<Recording> recordings, String backend) {
    ContentHash hash = new ContentHash();
    Set<Path> files = new LinkedHashSet<>();
    for (Recording recording : recordings) {
      hash.add(
          Json.line(
              List.of(
                  recording.id(),
                  recording.startSeconds(),
                  String.valueOf(recording.seconds()),
                  recording.text(),
                  recording.answers())));
      files.add(recording.audio());
    }
    files.forEach(hash::add);
    return new Fingerprint(FORMAT, model, hash.shortHex(), backend, 0);
  }

  @Override
  public String toString() {
    return "model %s, corpus %s, back end %s, seed %d, format %d"
        .formatted(model, corpus, backend, seed, format);
  }
}
