package dev.spectron.core.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against numpy and SciPy in float64; the fixture names the calls. */
class SignalGoldenTest {
  private Safetensors golden;

  @BeforeEach
  void open() throws IOException {
    try (InputStream in =
        SignalGoldenTest.class.getResourceAsStream("/golden/signal.safetensors")) {
      golden = Safetensors.of("signal.safetensors", in.readAllBytes());
    }
  }

  @AfterEach
  void close() {
    golden.close();
  }

  @Test
  void stftIsThatOfNumpy() {
    ComplexSpectrogram found = new Stft(64, 40, 10).transform(values("samples"));
    assertThat(found.re()).usingComparatorWithPrecision(2e-6f).containsExactly(values("stft_re"));
    assertThat(found.im()).usingComparatorWithPrecision(2e-6f).containsExactly(values("stft_im"));
  }

  @Test
  void inverseStftLeadsFromNumpysSpectrogramBackToTheSamples() {
    ComplexSpectrogram spectrogram =
        new ComplexSpectrogram(33, values("stft_re"), values("stft_im"));
    assertThat(new Stft(64, 40, 10).inverse(spectrogram, 333))
        .usingComparatorWithPrecision(2e-6f)
        .containsExactly(values("samples"));
  }

  @Test
  void melFiltersAndTheirPseudoInverseAreThoseOfNumpy() {
    MelFilterBank bank =
        new MelFilterBank(
            new FeatureSpec(16_000, 256, 256, 64, 20, 20, 8000, 1e-5, Normalisation.none()));
    assertThat(bank.toArray())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(values("mel_filters"));
    assertThat(bank.pseudoInverse())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(values("mel_pseudo_inverse"));
  }

  private float[] values(String name) {
    return golden.get(name).toFloats();
  }
}
