package dev.spectron.core.backend;

import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Normalisations over the channels. */
public interface NormContract extends OperationContract {
  /** Sizes around every vector width. */
  List<Integer> CHANNELS = List.of(1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257);

  /** What stands in for absent parameters of one size must not be taken for another's. */
  @Test
  default void normsWithoutParametersAgreeForOneSizeAfterTheOther() {
    for (int channels : new int[] {100, 7, 33}) {
      Values x = sides().random(2, 3, channels);
      Weight none = Weight.none();
      sides()
          .agree(
              "layerNorm without parameters",
              channels,
              s -> s.backend().layerNorm(s.x(x), none, none, 1e-5f));
      sides()
          .agree(
              "rmsNorm without parameters",
              channels,
              s -> s.backend().rmsNorm(s.x(x), none, 1e-5f));
    }
  }

  @Test
  default void layerNormAgreesForEverySize() {
    for (int channels : CHANNELS) {
      Values x = shifted(sides().random(2, 3, channels), 3);
      WeightData gain = sides().weight(channels);
      WeightData bias = sides().weight(channels);
      sides()
          .agree(
              "layerNorm",
              8 + channels,
              s -> s.backend().layerNorm(s.x(x), s.w(gain), s.w(bias), 1e-5f));
    }
  }

  @Test
  default void layerNormWorksWithoutGainOrBias() {
    Values x = sides().random(2, 3, 33);
    WeightData weight = sides().weight(33);
    Weight none = Weight.none();
    sides().agree("bare", 33, s -> s.backend().layerNorm(s.x(x), none, none, 1e-5f));
    sides().agree("gain", 33, s -> s.backend().layerNorm(s.x(x), s.w(weight), none, 1e-5f));
    sides().agree("bias", 33, s -> s.backend().layerNorm(s.x(x), none, s.w(weight), 1e-5f));
  }

  @Test
  default void rmsNormAgreesForEverySize() {
    for (int channels : CHANNELS) {
      Values x = sides().random(2, 3, channels);
      WeightData gain = sides().weight(channels);
      sides().agree("rmsNorm", 8 + channels, s -> s.backend().rmsNorm(s.x(x), s.w(gain), 1e-6f));
      sides()
          .agree(
              "rmsNorm bare", 8 + channels, s -> s.backend().rmsNorm(s.x(x), Weight.none(), 1e-6f));
    }
  }

  @Test
  default void batchNormAgreesForEverySize() {
    for (int channels : CHANNELS) {
      Values x = sides().random(2, 3, channels);
      WeightData mean = sides().weight(channels);
      WeightData variance = positive(sides().random(channels));
      WeightData gain = sides().weight(channels);
      WeightData bias = sides().weight(channels);
      sides()
          .agree(
              "batchNorm",
              8,
              s ->
                  s.backend()
                      .batchNorm(s.x(x), s.w(mean), s.w(variance), s.w(gain), s.w(bias), 1e-5f));
    }
  }

  @Test
  default void epsilonCounts() {
    Values x = sides().random(2, 3, 33);
    WeightData ones = positive(sides().random(33));
    WeightData zeros = WeightData.of("zeros", Shape.of(33), new float[33]);
    Weight none = Weight.none();
    sides().agree("layerNorm", 33, s -> s.backend().layerNorm(s.x(x), none, none, 0.3f));
    sides().agree("rmsNorm", 33, s -> s.backend().rmsNorm(s.x(x), none, 0.3f));
    sides()
        .agree(
            "batchNorm",
            8,
            s -> s.backend().batchNorm(s.x(x), s.w(zeros), s.w(ones), s.w(ones), s.w(zeros), 0.3f));
  }

  @Test
  default void layerNormKeepsSmallDifferencesOfLargeNumbers() {
    // As mean(x²) − mean(x)² the variance would drown in rounding.
    Values x = shifted(sides().random(2, 3, 100), 1000);
    Weight none = Weight.none();
    sides().compare("layerNorm", 1e-3, s -> s.backend().layerNorm(s.x(x), none, none, 1e-5f));
  }

  @Test
  default void normsOfZerosAreFinite() {
    Values x = sides().spread(0, 2, 3, 17);
    Weight none = Weight.none();
    sides().compare("layerNorm", 0, s -> s.backend().layerNorm(s.x(x), none, none, 1e-5f));
    sides().compare("rmsNorm", 0, s -> s.backend().rmsNorm(s.x(x), none, 1e-6f));
  }

  private static Values shifted(Values x, float by) {
    float[] values = x.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += by;
    }
    return new Values(x.shape(), values);
  }

  private static WeightData positive(Values x) {
    float[] values = x.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f + Math.abs(values[i]);
    }
    return WeightData.of("variance", Shape.of(values.length), values);
  }
}
