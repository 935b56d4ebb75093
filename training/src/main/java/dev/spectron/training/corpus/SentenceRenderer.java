package dev.spectron.training.corpus;

import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.AtomicFile;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.TextLines;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.process.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Speaks sentences as every voice of the allow-list speaks them, unvaried and undisturbed: WAV
 * files and a {@code manifest.jsonl} that names the speaker of each. Held-out voices are among
 * them; {@link Voices} says which they are.
 */
public final class SentenceRenderer {
  private static final int BATCH = 20;
  private static final int FEWEST_WORDS = 5;
  private static final int MOST_WORDS = 14;

  private final ClipShaper shaper = new ClipShaper();
  private final Path folder;
  private final StringBuilder manifest = new StringBuilder();

  private SentenceRenderer(Path folder) {
    this.folder = folder;
  }

  /**
   * Renders a set.
   *
   * @param sentences text file, one a line; those of 5 to 14 words are spoken
   * @param perSpeaker sentences of each speaker, at least 1; an eSpeak NG timbre speaks them in all
   *     its accents by turns
   * @param seed decides which sentences
   * @param out folder that must not exist yet; it appears whole at the end, or not at all
   * @throws TrainingException if the folder exists, there are too few sentences, or an engine is
   *     missing or fails
   */
  public static void render(
      Path sentences, int perSpeaker, long seed, Path out, CorpusRenderer.Progress progress) {
    render(sentences, perSpeaker, seed, out, progress, Synthesizer::new);
  }

  /** Renders with the speaker that {@code speakers} makes, given a work folder. */
  static void render(
      Path sentences,
      int perSpeaker,
      long seed,
      Path out,
      CorpusRenderer.Progress progress,
      Function<Path, Speaker> speakers) {
    List<Utterance> utterances = utterances(sentences, perSpeaker, seed);
    if (Files.exists(out)) {
      throw new TrainingException(
          "corpus: expected a new folder, found " + out + " already there; name another");
    }
    Path partial = out.toAbsolutePath().resolveSibling("." + out.getFileName() + ".partial");
    try {
      FileTree.delete(partial);
      Path work = Files.createDirectories(partial.resolve("work"));
      new SentenceRenderer(partial).speakAll(utterances, speakers.apply(work), progress);
      FileTree.delete(work);
      Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new TrainingException("corpus: " + out + " cannot be written: " + e.getMessage(), e);
    }
  }

  private void speakAll(
      List<Utterance> utterances, Speaker speaker, CorpusRenderer.Progress progress)
      throws IOException {
    for (int start = 0; start < utterances.size(); start += BATCH) {
      List<Utterance> batch = utterances.subList(start, Math.min(start + BATCH, utterances.size()));
      List<Waveform> spoken = speaker.speak(batch);
      for (int i = 0; i < batch.size(); i++) {
        write("sentence-%05d".formatted(start + i), batch.get(i), spoken.get(i));
      }
      progress.rendered(start + batch.size(), utterances.size());
    }
    AtomicFile.write(folder.resolve("manifest.jsonl"), manifest.toString());
  }

  private void write(String id, Utterance utterance, Waveform spoken) {
    String file = id + ".wav";
    float[] samples = shaper.answer(spoken);
    WavFile.write(folder.resolve(file), new Waveform(samples, ClipShaper.SAMPLE_RATE));
    Map<String, String> line = new LinkedHashMap<>();
    line.put("audio", file);
    line.put("id", id);
    line.put("text", utterance.sentence());
    line.put("speaker", utterance.voice().speaker());
    line.put("voice", utterance.voice().id());
    manifest.append(Json.line(line)).append('\n');
  }

  private static List<Utterance> utterances(Path file, int perSpeaker, long seed) {
    List<String> sentences = new ArrayList<>();
    TextLines.read(
        file,
        (where, number, line) -> {
          int words = line.strip().split("\\s+").length;
          if (words >= FEWEST_WORDS && words <= MOST_WORDS) {
            sentences.add(line.strip());
          }
        });
    if (perSpeaker < 1 || perSpeaker > sentences.size()) {
      throw new TrainingException(
          "%s: expected 1 to %d sentences a speaker, found %d; that is how many have 5 to 14 words"
              .formatted(file, sentences.size(), perSpeaker));
    }
    Random random = new Random(seed);
    List<Utterance> utterances = new ArrayList<>();
    for (List<Voice> voices : bySpeaker().values()) {
      Collections.shuffle(sentences, random);
      for (int i = 0; i < perSpeaker; i++) {
        utterances.add(Utterance.plain(voices.get(i % voices.size()), sentences.get(i)));
      }
    }
    return utterances;
  }

  private static Map<String, List<Voice>> bySpeaker() {
    return Stream.of(
            Voices.trainingHuman(),
            Voices.heldOutHuman(),
            Voices.trainingFormant(),
            Voices.heldOutFormant())
        .flatMap(List::stream)
        .collect(Collectors.groupingBy(Voice::speaker, LinkedHashMap::new, Collectors.toList()));
  }
}
