package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.signal.Waveform;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerStreamTest {
  @ParameterizedTest
  @CsvSource({
    "16000, 24000, 5001",
    "16000, 8000, 5001",
    "24000, 16000, 4999",
    "8000, 16000, 777",
    "44100, 16000, 3001",
    "16000, 16000, 500",
    "16000, 24000, 1",
    "16000, 24000, 40"
  })
  void thePiecesAreTheWhole(int from, int to, int length) {
    SplittableRandom random = new SplittableRandom(7);
    float[] input = new float[length];
    for (int i = 0; i < length; i++) {
      input[i] = random.nextFloat(-1, 1);
    }
    ResamplerStream stream = new ResamplerStream(from, to);
    float[] output = new float[0];
    for (int at = 0; at < length; ) {
      int end = Math.min(length, at + random.nextInt(600));
      output = joined(output, stream.next(Arrays.copyOfRange(input, at, end)));
      at = end;
    }
    float[] whole = new Resampler(from, to).resample(new Waveform(input, from)).samples();
    assertThat(whole.length - output.length).isLessThan(2 * 64 * to / Math.min(from, to) + 2);
    assertThat(joined(output, stream.last())).containsExactly(whole);
  }

  private static float[] joined(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
