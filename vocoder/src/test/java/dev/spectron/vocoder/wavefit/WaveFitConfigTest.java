package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.tensor.Shape;
import dev.spectron.vocoder.Voice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaveFitConfigTest {
  @Test
  void spectronsGeneratorHasThePublishedSize() {
    // Counted by others on the hop-300 generator; factors change no weight but the strided kernels,
    // and 2, 2, 3, 5 and 2, 2, 2, 5 have the same ones.
    assertThat(count(WaveFitConfig.spectron())).isEqualTo(15_513_569);
  }

  @Test
  void theOtherPublishedSizeHasThreeTapsWhereTheStrideIsFive() {
    Map<String, Shape> shapes =
        ParameterCount.shapes(w -> Generator.load(WaveFitConfig.spectron(), w));
    long taps = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      boolean strided = entry.getKey().matches("down_blocks\\.\\d\\.(residual_)?down\\.weight");
      if (strided) {
        int kernel = entry.getValue().size(2);
        taps += (kernel - 3L) * entry.getValue().elements() / kernel;
      }
    }
    assertThat(count(WaveFitConfig.spectron()) - taps).isEqualTo(15_120_353);
  }

  @Test
  void theMiniGeneratorHasThreeQuartersOfAMillion() {
    assertThat(count(WaveFitConfig.mini(Voice.miniFeatures()))).isEqualTo(764_433L);
  }

  @Test
  void downFactorsMirrorTheUpFactors() {
    assertThat(WaveFitConfig.spectron().downFactors()).containsExactly(2, 2, 2, 5);
  }

  @Test
  void factorsThatMissTheHopAreRefused() {
    assertThatThrownBy(() -> with(List.of(3, 2, 3), List.of(6, 5, 4), List.of(4, 6)))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "config.json: vocoder.wavefit.up_factors: expected factors of features.hop_length 12, found [3, 2, 3]");
  }

  @Test
  void channelsForAnotherNumberOfBlocksAreRefused() {
    assertThatThrownBy(() -> with(List.of(3, 2, 2), List.of(6, 5), List.of(4, 6)))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "config.json: vocoder.wavefit.up_channels: expected 1 to 8192 channels for each of 3 blocks, found [6, 5]");
    assertThatThrownBy(() -> with(List.of(3, 2, 2), List.of(6, 5, 4), List.of(4, 5)))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "config.json: vocoder.wavefit.down_channels: expected an even number up to 8192 for each of 2 blocks, found [4, 5]");
  }

  private static WaveFitConfig with(List<Integer> factors, List<Integer> up, List<Integer> down) {
    return new WaveFitConfig(Voice.toyFeatures(), 3, 6, 4, down, factors, up, 2, 6, 0, 0);
  }

  private static long count(WaveFitConfig config) {
    FeatureSpec spec = config.features();
    return ParameterCount.of(w -> WaveFit.load(config, spec, w));
  }
}
