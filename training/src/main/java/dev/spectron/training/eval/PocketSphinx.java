package dev.spectron.training.eval;

import dev.spectron.audio.Resampler;
import dev.spectron.audio.WavFile;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.process.ExternalCommand;
import dev.spectron.training.process.FileTree;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The installed {@code pocketsphinx} with its own acoustic model and dictionary, and a language
 * model of the domain. Each clip is heard by itself: what came before does not change what is
 * recognised.
 */
final class PocketSphinx implements Recogniser {
  private static final int SAMPLE_RATE = 16_000;
  private static final String REMEDY =
      "run: sudo apt-get install pocketsphinx pocketsphinx-en-us, or evaluate without the judge";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int LIMIT_PER_SECOND =
      10; // 8 to 17 × faster than speech where nothing else runs
  private static final String LOG = "log";
  private static final int MAX_LINE = 10_000;
  private static final int MAX_QUOTE = 200;
  private static final Pattern LINE = Pattern.compile("(.*?) ?\\((\\d{1,9})(?: -?\\d+)?\\)");
  private static final Pattern VARIANT = Pattern.compile("\\(\\d+\\)");

  private final Path folder;
  private final String program;
  private final ParallelHearing hearing;

  /**
   * Prepares a work folder.
   *
   * @param model what may be said
   * @param jobs processes that run at once, at least 1; changes the time, never the result
   */
  PocketSphinx(TrigramModel model, int jobs) {
    this(model, jobs, "pocketsphinx_batch");
  }

  /** Runs another program that takes the same arguments. */
  PocketSphinx(TrigramModel model, int jobs, String program) {
    this.program = program;
    this.hearing = new ParallelHearing("judge", jobs);
    try {
      this.folder = Files.createTempDirectory("spectron-judge");
      try (Writer out = Files.newBufferedWriter(folder.resolve("domain.arpa"))) {
        model.writeArpa(out);
      }
    } catch (IOException e) {
      throw new TrainingException("judge: its work folder cannot be written", e);
    }
  }

  /** Hears a moment of silence. */
  @Override
  public void requireInstalled() {
    recognise(List.of(new Waveform(new float[SAMPLE_RATE / 10], SAMPLE_RATE)));
  }

  @Override
  public List<String> recognise(List<Waveform> clips) {
    return hearing.hear(
        clips, (part, index) -> recognisePart(part, folder.resolve("part-" + index)));
  }

  /** Deletes the work folder. */
  @Override
  public void close() {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      throw new TrainingException("judge: its work folder cannot be deleted", e);
    }
  }

  private List<String> recognisePart(List<Waveform> clips, Path work) throws IOException {
    Files.createDirectory(work);
    try {
      double seconds = 0;
      StringBuilder control = new StringBuilder();
      for (int i = 0; i < clips.size(); i++) {
        write(clips.get(i), work.resolve(i + ".wav"));
        seconds += clips.get(i).seconds();
        control.append(i).append('\n');
      }
      Files.writeString(work.resolve("clips.ctl"), control);
      run(work, START_LIMIT.plusSeconds((long) Math.ceil(seconds * LIMIT_PER_SECOND)));
      return texts(work.resolve("texts.hyp"), clips.size());
    } finally {
      FileTree.delete(work);
    }
  }

  private void run(Path work, Duration limit) throws IOException {
    List<String> command =
        List.of(
            program,
            "-lm",
            folder.resolve("domain.arpa").toString(),
            "-cepdir",
            ".",
            "-cepext",
            ".wav",
            "-adcin",
            "yes",
            "-adchdr",
            "44",
            "-cmn",
            "batch",
            "-ctl",
            "clips.ctl",
            "-hyp",
            "texts.hyp",
            "-logfn",
            LOG);
    try {
      ExternalCommand.run(command, work, limit, REMEDY);
    } catch (TrainingException e) {
      String complaint = complaint(work.resolve(LOG));
      throw complaint.isEmpty()
          ? e
          : new TrainingException(e.getMessage() + " " + complaint + "; " + REMEDY, e);
    }
  }

  /** The first error in a log; empty if there is none. */
  private static String complaint(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("ERROR: ") || line.startsWith("FATAL: "))
          .findFirst()
          .map(line -> line.substring(0, Math.min(line.length(), MAX_QUOTE)))
          .orElse("");
    }
  }

  private static void write(Waveform clip, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      WavFile.write(file.getFileName().toString(), out, Resampler.resample(clip, SAMPLE_RATE));
    }
  }

  /** A clip without a line was too short for a word. */
  private static List<String> texts(Path file, int clips) throws IOException {
    String[] texts = new String[clips];
    Arrays.fill(texts, "");
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = LINE.matcher(line);
        if (line.length() > MAX_LINE
            || !matcher.matches()
            || Integer.parseInt(matcher.group(2)) >= clips) {
          throw new TrainingException(
              "pocketsphinx_batch: expected lines of words and a clip's number, found \""
                  + line.substring(0, Math.min(80, line.length()))
                  + "\"");
        }
        texts[Integer.parseInt(matcher.group(2))] = normal(matcher.group(1));
      }
    }
    return List.of(texts);
  }

  private static String normal(String words) {
    return String.join(
        " ", Words.of(VARIANT.matcher(words).replaceAll("").toLowerCase(Locale.ROOT)));
  }
}
