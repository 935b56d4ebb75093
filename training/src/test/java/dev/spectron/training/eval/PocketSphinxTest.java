package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a shell script in the recogniser's place. */
class PocketSphinxTest {
  private static final TrigramModel MODEL = TrigramModel.of(List.of("two and two is four"));

  @TempDir Path folder;

  @Test
  void wordsComeBackInTheOrderOfTheClips() throws IOException {
    // Says the size of each clip, the last one first, and nothing at all about an empty one.
    String script =
        """
        for i in $(sort -rn clips.ctl); do
          size=$(($(wc -c < $i.wav) - 44))
          if [ $size -gt 0 ]; then echo "S$size word(2)  ($i -1234)"; fi
        done > texts.hyp
        """;
    for (int jobs : new int[] {1, 2, 3, 7}) {
      try (PocketSphinx recogniser = new PocketSphinx(MODEL, jobs, program(script))) {
        List<Waveform> clips =
            IntStream.range(0, 5).mapToObj(i -> new Waveform(new float[i], 16_000)).toList();
        assertThat(recogniser.recognise(clips))
            .containsExactly("", "s2 word", "s4 word", "s6 word", "s8 word");
        assertThat(recogniser.recognise(List.of())).isEmpty();
      }
    }
  }

  @Test
  void clipsAreWrittenAtTheRateOfTheRecogniser() throws IOException {
    String script = "echo \"$(($(wc -c < 0.wav) - 44)) (0 -1)\" > texts.hyp\n";
    try (PocketSphinx recogniser = new PocketSphinx(MODEL, 1, program(script))) {
      assertThat(recogniser.recognise(List.of(new Waveform(new float[800], 8_000))))
          .containsExactly("3200");
    }
  }

  @Test
  void theLanguageModelIsHandedOverAndNothingIsLeftBehind() throws IOException {
    Path seen = folder.resolve("seen");
    String script = "pwd > " + seen + "\ncp $2 " + folder + "/lm\n: > texts.hyp\n";
    try (PocketSphinx recogniser = new PocketSphinx(MODEL, 1, program(script))) {
      recogniser.requireInstalled();
    }
    StringBuilder arpa = new StringBuilder();
    MODEL.writeArpa(arpa);
    assertThat(folder.resolve("lm")).hasContent(arpa.toString());
    assertThat(Path.of(Files.readString(seen).strip()).getParent()).doesNotExist();
  }

  @Test
  void aMissingProgramIsNamedWithTheRemedy() {
    try (PocketSphinx recogniser = new PocketSphinx(MODEL, 2, "no-such-recogniser")) {
      assertThatThrownBy(recogniser::requireInstalled)
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              "no-such-recogniser: expected an installed program, found none that starts;"
                  + " run: sudo apt-get install pocketsphinx pocketsphinx-en-us, or evaluate"
                  + " without the judge");
    }
  }

  @Test
  void aFailureIsQuotedFromTheLog() throws IOException {
    String script =
        "printf 'INFO: fine\\nERROR: no acoustic model\\nFATAL: end\\n' > log; exit 1\n";
    try (PocketSphinx recogniser = new PocketSphinx(MODEL, 1, program(script))) {
      assertThatThrownBy(recogniser::requireInstalled)
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining(": expected exit status 0, found 1: ")
          .hasMessageEndingWith(
              " ERROR: no acoustic model; run: sudo apt-get install pocketsphinx"
                  + " pocketsphinx-en-us, or evaluate without the judge");
    }
  }

  @Test
  void nonsenseIsRefused() throws IOException {
    for (String line : List.of("four", "four (1 -3)", "four (-1 3)", "four (x 3)")) {
      String script = "echo '" + line + "' > texts.hyp\n";
      try (PocketSphinx recogniser = new PocketSphinx(MODEL, 1, program(script))) {
        assertThatThrownBy(recogniser::requireInstalled)
            .isInstanceOf(TrainingException.class)
            .hasMessage(
                "pocketsphinx_batch: expected lines of words and a clip's number, found \""
                    + line
                    + "\"");
      }
    }
    try (PocketSphinx recogniser = new PocketSphinx(MODEL, 1, program("exit 0\n"))) {
      assertThatThrownBy(recogniser::requireInstalled)
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("texts.hyp");
    }
  }

  private String program(String script) throws IOException {
    Path file = Files.createTempFile(folder, "recogniser", "");
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }
}
