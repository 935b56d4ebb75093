package dev.spectron.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.WavFile;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.signal.Waveform;
import dev.spectron.lm.SamplingOptions;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.AnswerOptions;
import dev.spectron.spokenlm.SpokenLmBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped models on every back end that runs without a GPU. */
class SameAnswerTest {
  /** Two decoding steps: enough to compare frames, cheap on the scalar reference. */
  private static final int FRAMES = 6;

  @ParameterizedTest
  @CsvSource({"mini, samples/questions, 12", "mini-continue, samples/prompts, 4"})
  void everySampleGetsTheSameTextAndFramesOnEveryBackEnd(String model, Path samples, int least)
      throws IOException {
    Map<Path, Answer> expected = answers(model, samples, "reference");
    assertThat(expected).hasSizeGreaterThanOrEqualTo(least);
    assertThat(expected.values()).extracting(Answer::text).doesNotContain("");
    for (String name : List.of("cpu", "djl")) {
      answers(model, samples, name)
          .forEach(
              (file, answer) -> {
                Answer reference = expected.get(file);
                assertThat(answer.transcript())
                    .as("%s on %s", file, name)
                    .isEqualTo(reference.transcript());
                assertThat(answer.text()).as("%s on %s", file, name).isEqualTo(reference.text());
                assertThat(distance(answer, reference))
                    .as("%s on %s: mean difference of frames, nats", file, name)
                    .isLessThan(0.01);
              });
    }
  }

  private static Map<Path, Answer> answers(String model, Path samples, String backendName)
      throws IOException {
    Map<Path, Answer> answers = new LinkedHashMap<>();
    try (SpokenLmBundle bundle =
            SpokenLmBundle.openResources(
                SameAnswerTest.class.getClassLoader(), "dev/spectron/model/" + model);
        Backend backend = Backends.open(backendName)) {
      AnswerLoop loop = bundle.load(backend);
      AnswerOptions options = new AnswerOptions(SamplingOptions.greedy(), 1, FRAMES);
      for (Path file : recordings(samples)) {
        Waveform question = WavFile.read(file);
        answers.put(file.getFileName(), loop.answer(backend, question, options));
      }
    }
    return answers;
  }

  private static List<Path> recordings(Path samples) throws IOException {
    try (Stream<Path> files = Files.list(Checkout.current().root().resolve(samples))) {
      return files.filter(f -> f.toString().endsWith(".wav")).sorted().toList();
    }
  }

  private static double distance(Answer one, Answer other) {
    float[] a = one.logMel().frames();
    float[] b = other.logMel().frames();
    assertThat(a).hasSameSizeAs(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }
}
