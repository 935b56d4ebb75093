package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedVocoderTest {
  private static final Path QUESTION = Path.of("../samples/questions/capital-of-france.wav");

  @TempDir private Path folder;

  @Test
  void theSameFramesSoundThroughEitherVocoder() {
    Waveform byDefault = answer("of_model");
    Waveform griffinLim = answer("griffin_lim");
    Waveform waveFit = answer("wavefit");
    assertThat(griffinLim.samples()).isEqualTo(byDefault.samples());
    assertThat(waveFit.samples()).hasSameSizeAs(griffinLim.samples());
    assertThat(waveFit.samples()).isNotEqualTo(griffinLim.samples());
    assertThat(power(waveFit.samples()) / power(griffinLim.samples())).isBetween(0.8, 1.25);
  }

  @Test
  void aModelOfOtherFeaturesSaysSo() {
    Path model = ToyModel.write(folder.resolve("toy"), 1);
    Run run = Run.of("answer", QUESTION, "--model", model, "--vocoder", "wavefit");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("train the vocoder on the model's features or choose kind griffin_lim");
  }

  private Waveform answer(String vocoder) {
    Path out = folder.resolve(vocoder + ".wav");
    Run run = Run.of("answer", QUESTION, "-o", out, "--vocoder", vocoder);
    assertThat(run.code()).as(run.err()).isZero();
    return WavFile.read(out);
  }

  private static double power(float[] samples) {
    double sum = 0;
    for (float sample : samples) {
      sum += (double) sample * sample;
    }
    return sum;
  }
}
