package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class Sphinx4Test {
  private static final Path QUESTIONS = Path.of("..", "samples", "questions");
  private static final List<String> SENTENCES =
      List.of(
          "what is the capital of france",
          "what is the capital of japan",
          "what is two plus three",
          "what is nine plus six",
          "what day comes after monday",
          "what color is a banana");

  @Test
  void clipsAreHeardEachByItself() {
    List<Waveform> clips =
        List.of(clip("capital-of-france"), clip("two-plus-three"), clip("capital-of-japan"));
    try (Recogniser recogniser = new Sphinx4(TrigramModel.of(SENTENCES), 1)) {
      List<String> heard = recogniser.recognise(clips);
      assertThat(heard)
          .containsExactly(
              "what is the capital of france",
              "what is two plus three",
              "what is the capital of japan");
      assertThat(recogniser.recognise(List.of(clips.get(1)))).containsExactly(heard.get(1));
    }
  }

  @Test
  void silenceHoldsNoWord() {
    try (Recogniser recogniser = new Sphinx4(TrigramModel.of(SENTENCES), 1)) {
      assertThat(recogniser.recognise(List.of(new Waveform(new float[8000], 16_000))))
          .containsExactly("");
    }
  }

  private static Waveform clip(String name) {
    return WavFile.read(QUESTIONS.resolve(name + ".wav"));
  }
}
