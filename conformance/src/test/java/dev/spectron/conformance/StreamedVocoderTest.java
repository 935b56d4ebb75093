package dev.spectron.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.wavefit.WaveFit;
import dev.spectron.vocoder.wavefit.WaveFitStream;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streamed and whole synthesis on the back ends that people answer with. */
class StreamedVocoderTest {
  private static final int TIME = 103;

  @ParameterizedTest
  @CsvSource({"cpu, 0, 0", "cpu, 4, 3", "djl, 0, 0", "djl, 4, 3"})
  void piecesGiveTheSamplesOfTheWhole(String name, int phases, int polish) {
    SplittableRandom random = new SplittableRandom(31);
    float[] frames = new float[TIME * 10];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) (random.nextGaussian() + Math.sin(i / 90.0));
    }
    LogMel logMel = new LogMel(frames, TinyModels.vocoderFeatures());
    try (Backend backend = Backends.open(name)) {
      WeightScope weights = WeightScope.of(backend, new RandomWeights(32));
      WaveFit waveFit = WaveFit.load(TinyModels.vocoder(phases, polish), logMel.spec(), weights);
      float[] whole = waveFit.synthesize(backend, logMel, new SplittableRandom(33)).samples();
      float peak = 0;
      for (float sample : whole) {
        peak = Math.max(peak, Math.abs(sample));
      }
      WaveFitStream stream = waveFit.stream(backend, new SplittableRandom(33));
      int made = 0;
      for (int from = 0; from < TIME; ) {
        int to = Math.min(TIME, from + random.nextInt(12));
        made = compare(stream.push(logMel.slice(from, to)), whole, made, peak);
        from = to;
      }
      assertThat(compare(stream.finish(), whole, made, peak)).isEqualTo(whole.length);
    }
  }

  /** Within 10⁻⁴ of the peak: a convolution over fewer frames may add up in another order. */
  private static int compare(float[] samples, float[] whole, int from, float peak) {
    for (int i = 0; i < samples.length; i++) {
      assertThat(Math.abs(samples[i] - whole[from + i]))
          .as("sample %d", from + i)
          .isLessThan(1e-4f * peak);
    }
    return from + samples.length;
  }
}
