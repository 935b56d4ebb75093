package dev.spectron.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.dataset.Datasets.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  @TempDir private Path folder;

  @BeforeEach
  void record() {
    float[] ramp = new float[16_000];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = i / 32_768f;
    }
    WavFile.write(folder.resolve("1.wav"), new Waveform(ramp, 16_000));
    WavFile.write(folder.resolve("2.wav"), new Waveform(ramp, 16_000));
  }

  @Test
  void llamaQuestionsAreReadAsPublished() throws IOException {
    // CRLF, no break at the end, a blank behind a field: as in the published table.
    Path table =
        write(
            "llama_questions_2.tsv",
            String.join(
                "\r\n",
                "Questions\tAnswer\tWav Filename",
                "What is the capital of France?\tParis \t1.wav",
                "Who wrote Hamlet?\tWilliam Shakespeare\t2.wav"));
    List<Recording> read = Datasets.read(Kind.LLAMA_QUESTIONS, folder);
    assertThat(read)
        .extracting(Recording::text)
        .first()
        .isEqualTo("What is the capital of France?");
    assertThat(read.getFirst().answers()).containsExactly("Paris");
    assertThat(read.getLast().audio()).hasFileName("2.wav");
    assertThat(read.getLast().read().samples()).hasSize(16_000);
    assertThat(Datasets.kind(folder)).isEqualTo(Kind.LLAMA_QUESTIONS);
    assertThat(Datasets.kind(table)).isEqualTo(Kind.LLAMA_QUESTIONS);
  }

  @Test
  void aWrongColumnAndAMissingFileAreNamedWithTheirLine() throws IOException {
    Path wrong = write("wrong.tsv", "Question\tAnswer\tWav Filename\nA?\tb\t1.wav\n");
    assertRefused(
        Kind.LLAMA_QUESTIONS,
        wrong,
        "wrong.tsv: line 1: expected the columns Questions, Answer and Wav Filename, separated by tabs, found [Question, Answer, Wav Filename]");
    Path missing = write("missing.tsv", "Questions\tAnswer\tWav Filename\nA?\tb\t3.wav\n");
    assertRefused(
        Kind.LLAMA_QUESTIONS,
        missing,
        "missing.tsv: line 2: audio: expected a file, found none at "
            + folder.toAbsolutePath().resolve("3.wav")
            + "; check the path");
    Path ragged = write("ragged.tsv", "Questions\tAnswer\tWav Filename\nA?\tb\n");
    assertRefused(Kind.LLAMA_QUESTIONS, ragged, "ragged.tsv: line 2: expected 3 columns, found 2");
    assertRefused(
        Kind.LLAMA_QUESTIONS,
        folder,
        folder + ": expected one .tsv table, found 3; name the table itself");
  }

  @Test
  void aManifestOfJsonLinesIsRead() throws IOException {
    Path manifest =
        write(
            "set.jsonl",
            """
            {"id": "a", "audio": "1.wav", "text": "one plus one", "answers": ["two", "2"], "x": 3}

            {"audio": "2.wav"}
            """);
    List<Recording> read = Datasets.read(Kind.JSONL, manifest);
    assertThat(read).extracting(Recording::id).containsExactly("a", "line-3");
    assertThat(read.getFirst().answers()).containsExactly("two", "2");
    assertThat(read.getLast().text()).isEmpty();
    Path wrong = write("wrong.jsonl", "{\"audio\": 5}\n");
    assertRefused(Kind.JSONL, wrong, "wrong.jsonl: line 1: audio: expected a text, found 5");
    Path twice = write("twice.jsonl", "{\"id\":\"a\",\"audio\":\"1.wav\"}\n".repeat(2));
    assertRefused(Kind.JSONL, twice, "twice.jsonl: line 2: id: expected each once, found a twice");
    Path broken = write("broken.jsonl", "{\"audio\": \n");
    assertThatThrownBy(() -> Datasets.read(Kind.JSONL, broken))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("broken.jsonl: line 1");
  }

  @Test
  void lhotsesCutsAreReadAsPiecesOfRecordings() throws IOException {
    String cut =
        """
        {"id": "c1", "start": 0.25, "duration": 0.5, "channel": 0, "type": "MonoCut",\
         "supervisions": [{"id": "s", "recording_id": "r", "start": 0, "duration": 0.5, "channel": 0,\
         "text": "two words", "language": "English", "speaker": "ann"}],\
         "recording": {"id": "r", "sources": [{"type": "file", "channels": [0], "source": "1.wav"}],\
         "sampling_rate": 16000, "num_samples": 16000, "duration": 1.0}}
        """;
    Path cuts = folder.resolve("cuts_dev.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(cuts))) {
      out.write(cut.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Datasets.kind(cuts)).isEqualTo(Kind.LHOTSE);
    Recording read = Datasets.read(Kind.LHOTSE, cuts).getFirst();
    assertThat(read.text()).isEqualTo("two words");
    assertThat(read.speaker()).isEqualTo("ann");
    float[] samples = read.read().samples();
    assertThat(samples).hasSize(8_000);
    assertThat(samples[0]).isEqualTo(4_000 / 32_768f);
    Path late = write("cuts.jsonl", cut.replace("0.25", "0.75"));
    Recording beyond = Datasets.read(Kind.LHOTSE, late).getFirst();
    assertThatThrownBy(beyond::read)
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(
            "cuts.jsonl: line 1: expected 0.5 s of sound from 0.75 s on, found 1.00 s in ");
    Path mixed = write("mixed.cuts.jsonl", cut.replace("MonoCut", "MixedCut"));
    assertRefused(
        Kind.LHOTSE,
        mixed,
        "mixed.cuts.jsonl: line 1: type: expected MonoCut, found MixedCut; split mixed and multi-channel cuts");
  }

  @Test
  void aFolderOfLibriSpeechIsReadWithItsTranscripts() throws IOException {
    Path chapter = Files.createDirectories(folder.resolve("set/84/121123"));
    try (InputStream in = DatasetsTest.class.getResourceAsStream("mono.flac")) {
      Files.write(chapter.resolve("84-121123-0000.flac"), in.readAllBytes());
    }
    Files.writeString(chapter.resolve("84-121123.trans.txt"), "84-121123-0000 GO DO YOU HEAR\n");
    Path set = folder.resolve("set");
    assertThat(Datasets.kind(set)).isEqualTo(Kind.LIBRISPEECH);
    Recording read = Datasets.read(Kind.LIBRISPEECH, set).getFirst();
    assertThat(read.id()).isEqualTo("84-121123-0000");
    assertThat(read.text()).isEqualTo("GO DO YOU HEAR");
    assertThat(read.speaker()).isEqualTo("84");
    assertThat(read.read().samples()).hasSize(3201);
    Files.writeString(chapter.resolve("84-2.trans.txt"), "84-2-0001 GONE\n");
    assertRefused(
        Kind.LIBRISPEECH,
        set,
        "84-2.trans.txt: line 1: audio: expected a file, found none at "
            + chapter.toAbsolutePath().resolve("84-2-0001.flac")
            + "; check the path");
  }

  @Test
  void speakersAreReadFromEveryKindThatNamesThem() throws IOException {
    Path manifest = write("by.jsonl", "{\"audio\": \"1.wav\", \"speaker\": \"ann\"}\n");
    assertThat(Datasets.bySpeaker(manifest)).extracting(Recording::speaker).containsExactly("ann");
    Path chapter = Files.createDirectories(folder.resolve("people/19/198"));
    Files.createFile(chapter.resolve("19-198-0000.flac"));
    Files.createFile(folder.resolve("people/84-121123-0003.flac"));
    Files.createFile(folder.resolve("people/notes.flac"));
    List<Recording> read = Datasets.bySpeaker(folder.resolve("people"));
    assertThat(read).extracting(Recording::speaker).containsExactly("19", "84");
    assertThat(read).extracting(Recording::id).containsExactly("19-198-0000", "84-121123-0003");
    Path nobody = write("nobody.jsonl", "{\"audio\": \"1.wav\"}\n");
    assertThatThrownBy(() -> Datasets.bySpeaker(nobody))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(
            "nobody.jsonl: line 1: speaker: expected the name of one, found none");
    Path empty = Files.createDirectory(folder.resolve("nobody"));
    assertThatThrownBy(() -> Datasets.bySpeaker(empty))
        .isInstanceOf(TrainingException.class)
        .hasMessage(empty + ": expected 1 to 1000000 recordings, found 0");
  }

  @Test
  void whatIsNoSetIsSaidToBeNone() throws IOException {
    Path other = write("set.xml", "<set/>");
    assertThatThrownBy(() -> Datasets.kind(other))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(other + ": expected a .jsonl manifest, Lhotse cuts, ");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(
        Kind.LIBRISPEECH, empty, empty + ": expected files that end in .trans.txt, found none");
  }

  private static void assertRefused(Kind kind, Path path, String message) {
    assertThatThrownBy(() -> Datasets.read(kind, path))
        .isInstanceOf(TrainingException.class)
        .hasMessage(message);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
