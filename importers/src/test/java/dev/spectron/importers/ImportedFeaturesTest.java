package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The features of imported encoders against the extractors of transformers. */
class ImportedFeaturesTest {
  @Test
  void featuresOfW2vBertAreExact() {
    try (HubFixture fixture = HubFixture.packaged("w2v_bert_features")) {
      LogMel first = extract(FeatureSpec.kaldi(), fixture, "waveform_int16");
      assertWithin(1e-4, fixture.floats("log_mel"), first.frames());
      assertWithin(1e-4, fixture.floats("single.input_features"), first.normalised());
      LogMel second = extract(FeatureSpec.kaldi(), fixture, "waveform1_int16");
      assertThat(second.time()).isEqualTo(75);
      float[] whole = Arrays.copyOf(second.normalised(), 74 * 80);
      assertWithin(
          1e-4, Arrays.copyOf(fixture.floats("single1.input_features"), whole.length), whole);
    }
  }

  @ParameterizedTest
  @CsvSource({"80, waveform_int16, single.", "80, waveform1_int16, single1."})
  void featuresOfParakeetAreExact(int mels, String waveform, String expected) {
    try (HubFixture fixture = HubFixture.packaged("parakeet_features_" + mels)) {
      float[] found = extract(FeatureSpec.parakeet(mels), fixture, waveform).normalised();
      int[] mask = fixture.integers(expected + "attention_mask");
      assertThat(found).hasSize(Arrays.stream(mask).sum() * mels);
      float[] wanted = fixture.floats(expected + "input_features");
      assertWithin(3e-4, Arrays.copyOf(wanted, found.length), found);
    }
  }

  @Test
  void samplesHaveNoMeanAndUnitVariance() {
    try (HubFixture fixture = HubFixture.packaged("w2v2_conformer_relative")) {
      float[] found = extract(FeatureSpec.waveform(), fixture, "waveform_int16").normalised();
      float[] wanted = fixture.floats("batch.input_values");
      assertWithin(1e-5, Arrays.copyOf(wanted, found.length), found);
    }
  }

  private static LogMel extract(FeatureSpec spec, HubFixture fixture, String waveform) {
    float[] samples = fixture.floats(waveform);
    for (int i = 0; i < samples.length; i++) {
      samples[i] /= 32768;
    }
    return new LogMelExtractor(spec).extract(new Waveform(samples, 16_000));
  }

  private static void assertWithin(double bound, float[] wanted, float[] found) {
    assertThat(found).hasSameSizeAs(wanted);
    double worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      double error = Math.abs((double) wanted[i] - found[i]);
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    assertThat(worst).isCloseTo(0, within(bound));
  }
}
