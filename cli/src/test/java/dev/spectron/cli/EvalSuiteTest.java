package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.ContentHash;
import dev.spectron.core.bundle.Json;
import dev.spectron.training.corpus.AudioRange;
import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalSuiteTest {
  private static final int SAMPLES = 4000;

  @TempDir private Path folder;
  private Path corpus;
  private Path out;

  @BeforeEach
  void writeCorpus() throws IOException {
    out = folder.resolve("out");
    corpus = Files.createDirectory(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("corpus.json"), "{\"format\": 1, \"sample_rate\": 16000}");
    Files.write(corpus.resolve("answers.pcm"), new byte[2 * SAMPLES]);
    byte[] noise = new byte[6 * SAMPLES];
    new Random(1).nextBytes(noise);
    Files.write(corpus.resolve("questions-000.pcm"), noise);
    Files.write(
        corpus.resolve("manifest.jsonl"),
        List.of(line(0, "grass", "green"), line(1, "snow", "white"), line(2, "coal", "black")));
  }

  @Test
  void aRunIsToldWrittenAndGoneOnWith() throws IOException {
    Run run = eval("--suite", "transcript,length", "--no-judge");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().getFirst())
        .startsWith("3 questions, model toy-random seed 0, corpus ")
        .contains(", back end cpu, seed 1, format 1, nobody listened.");
    assertThat(run.lines()).contains("transcript", "length");
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder(
            "run.json",
            "lock",
            "answers.jsonl",
            "heard.jsonl",
            "speech",
            "report.json",
            "report.md",
            "report.html");
    byte[] report = Files.readAllBytes(out.resolve("report.json"));
    Path answers = out.resolve("answers.jsonl");
    byte[] lines = Files.readAllBytes(answers);
    Files.write(answers, Arrays.copyOf(lines, lines.length / 2));
    Path copy = folder.resolve("copy.html");
    Run again = eval("--suite", "transcript,length", "--no-judge", "--html", copy);
    assertThat(again.out()).isEqualTo(run.out());
    assertThat(withoutTimes(Files.readAllBytes(out.resolve("report.json"))))
        .isEqualTo(withoutTimes(report));
    assertThat(copy).hasSameTextualContentAs(out.resolve("report.html"));
  }

  @Test
  void answersOfAnotherSeedAreRefusedNamingBoth() {
    eval("--suite", "length", "--no-judge");
    Run run = eval("--suite", "length", "--no-judge", "--seed", "2");
    ContentHash hash = new ContentHash();
    hash.add(corpus.resolve("manifest.jsonl"));
    String same = "model toy-random seed 0, corpus " + hash.shortHex() + ", back end cpu, seed ";
    refused(
        run,
        out
            + ": expected answers of "
            + same
            + "2, format 1, found those of "
            + same
            + "1, format 1; name another --out, or delete this one");
  }

  @Test
  void aLineOfTheManifestThatIsMalformedIsNamed() throws IOException {
    Path manifest = corpus.resolve("manifest.jsonl");
    List<String> lines = Files.readAllLines(manifest);
    Files.write(manifest, List.of(lines.get(0), lines.get(1).replace("\"split\"", "\"side\"")));
    refused(
        eval("--suite", "length", "--no-judge"),
        "manifest.jsonl: line 2: split: missing key; found id, side, category, key, held_out,"
            + " question, answer, short_answer, voice, voice_held_out, condition, question_audio,"
            + " answer_audio");
  }

  @Test
  void aStoredLineThatIsMalformedIsNamed() throws IOException {
    eval("--suite", "length", "--no-judge");
    Path answers = out.resolve("answers.jsonl");
    Files.writeString(answers, "nonsense\n");
    Run run = eval("--suite", "length", "--no-judge");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("spectron: answers.jsonl: line 1: ")
        .endsWith("; delete the line in " + answers + ", and it is measured again\n")
        .hasLineCount(1);
  }

  @Test
  void aRecogniserWhoseModelIsNotThereSaysWhereToGetIt() {
    refused(
        eval("--suite", "qa", "--recogniser", "sphinx4"),
        "sphinx4: expected sphinx4-data on the class path, found none; run: mvn dependency:copy"
            + " -Dartifact=de.sciss:sphinx4-data:1.0.0 -DoutputDirectory=. and set"
            + " SPECTRON_CLASSPATH=sphinx4-data-1.0.0.jar, or choose the recogniser pocketsphinx");
    assertThat(out).doesNotExist();
  }

  @Test
  void aRecogniserThatIsNotInstalledSaysWhatToInstall() throws Exception {
    Path errors = folder.resolve("errors");
    ProcessBuilder process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "eval",
                "--corpus",
                corpus.toString(),
                "--random-weights",
                "toy",
                "--suite",
                "qa",
                "--out",
                out.toString())
            .redirectError(errors.toFile());
    process.environment().put("PATH", folder.toString());
    Process started = process.start();
    String printed = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor()).isEqualTo(1);
    assertThat(printed).isEmpty();
    assertThat(Files.readAllLines(errors).stream().filter(line -> line.startsWith("spectron:")))
        .containsExactly(
            "spectron: pocketsphinx_batch: expected an installed program, found none that starts;"
                + " run: sudo apt-get install pocketsphinx pocketsphinx-en-us, or evaluate without"
                + " the judge");
    assertThat(out).doesNotExist();
  }

  @Test
  void aTableWithAWrongColumnIsNamedWithItsLine() throws IOException {
    Path table = folder.resolve("questions.tsv");
    Files.writeString(table, "Questions\tAnswers\tWav Filename\nwhy\tbecause\tq.wav\n");
    refused(
        Run.of("eval", "--set", table, "--random-weights", "toy", "--out", out),
        "questions.tsv: line 1: expected the columns Questions, Answer and Wav Filename, separated"
            + " by tabs, found [Questions, Answers, Wav Filename]");
    Files.writeString(table, "Questions\tAnswer\tWav Filename\nwhy\tbecause\n");
    refused(
        Run.of("eval", "--set", table, "--random-weights", "toy", "--out", out),
        "questions.tsv: line 2: expected 3 columns, found 2");
    Files.writeString(table, "Questions\tAnswer\tWav Filename\nwhy\tbecause\tq.wav\n");
    refused(
        Run.of("eval", "--set", table, "--random-weights", "toy", "--out", out),
        "questions.tsv: line 2: audio: expected a file, found none at "
            + folder.toAbsolutePath().resolve("q.wav")
            + "; check the path");
  }

  @Test
  void aManifestOfOthersThatIsMalformedIsNamedWithItsLine() throws IOException {
    Recordings.tone(folder, "q.wav");
    Path manifest = folder.resolve("set.jsonl");
    Files.writeString(manifest, "{\"audio\": \"q.wav\"}\n{\"sound\": \"q.wav\"}\n");
    refused(
        Run.of("eval", "--set", manifest, "--random-weights", "toy", "--out", out),
        "set.jsonl: line 2: audio: expected a text, found none");
  }

  private Run eval(Object... options) {
    return Run.of(
        Stream.concat(
                Stream.of("eval", "--corpus", corpus, "--random-weights", "toy", "--out", out),
                Stream.of(options))
            .toArray());
  }

  private static void refused(Run run, String message) {
    assertThat(run.err()).isEqualTo("spectron: " + message + "\n");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
  }

  /** Real-time factors are of the run that answered. */
  private static String withoutTimes(byte[] report) {
    return new String(report, StandardCharsets.UTF_8)
        .replaceAll("\"real_time_factor\" : [0-9.E-]+", "");
  }

  private static String line(int number, String thing, String color) {
    String key = "color " + thing;
    return Json.line(
        new CorpusItem(
            String.format(Locale.ROOT, "dev-%06d", number),
            Split.DEV,
            "color",
            key,
            Split.isHeldOut("color", key),
            "what color is " + thing,
            color,
            color,
            "flite/kal16",
            true,
            Condition.CLEAN,
            new AudioRange("questions-000.pcm", (long) number * SAMPLES, SAMPLES),
            new AudioRange("answers.pcm", 0, SAMPLES)));
  }
}
