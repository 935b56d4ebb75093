package dev.spectron.vocoder.griffinlim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.vocoder.Voice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GriffinLimBlocksTest {
  private static final FeatureSpec SPEC = Voice.miniFeatures();
  private static final LogMel LOG_MEL = Voice.logMel(Voice.samples(32_000, 16_000, 1), SPEC);
  private static final GriffinLimConfig CONFIG = new GriffinLimConfig(16, 0.99f);

  @Test
  void blocksComeAsCloseAsTheWhole() {
    double whole = error(new GriffinLimVocoder(CONFIG, SPEC).synthesize(LOG_MEL).samples());
    assertThat(error(synthesize(LOG_MEL))).isLessThan(1.05 * whole);
  }

  @Test
  void blocksThatDoNotGoOnFromTheOneBeforeDoNotFit() {
    GriffinLimBlocks blocks = new GriffinLimBlocks(CONFIG, SPEC);
    float[] joined = new float[32_000];
    for (int first = 0; first < 160; first += 16) {
      LogMel around = LOG_MEL.slice(first, Math.min(160, first + 28));
      float[] samples = blocks.next(around, GriffinLimBlocks.Block.none()).samples();
      System.arraycopy(samples, 0, joined, first * 200, samples.length);
    }
    assertThat(error(joined)).isGreaterThan(1.25 * error(synthesize(LOG_MEL)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 15, 16, 17, 28, 29, 45})
  void everyFrameBecomesAHopOfFiniteSamples(int time) {
    float[] samples = synthesize(LOG_MEL.slice(20, 20 + time));
    assertThat(samples).hasSize(200 * time);
    for (float sample : samples) {
      assertThat(sample).isFinite();
    }
  }

  @Test
  void silenceStaysSilent() {
    assertThat(synthesize(Voice.silence(40, SPEC))).hasSize(8000).matches(Voice::isSilent);
  }

  private static float[] synthesize(LogMel logMel) {
    GriffinLimBlocks blocks = new GriffinLimBlocks(CONFIG, SPEC);
    GriffinLimBlocks.Block block = GriffinLimBlocks.Block.none();
    List<float[]> parts = new ArrayList<>();
    for (int first = 0; first < logMel.time(); first += 16) {
      int to = Math.min(logMel.time(), first + 28);
      block = blocks.next(logMel.slice(Math.max(0, first - 4), to), block);
      parts.add(block.samples());
    }
    float[] joined = new float[logMel.time() * 200];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return at == joined.length ? joined : Arrays.copyOf(joined, at);
  }

  private static double error(float[] samples) {
    return Voice.distance(Voice.logMel(samples, SPEC).frames(), LOG_MEL.frames());
  }
}
