package dev.spectron.conformance;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.conformer.ConformerConfig.ConvolutionNormKind;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.lm.LmConfig;
import dev.spectron.lm.LmConfig.FeedForwardKind;
import dev.spectron.lm.LmConfig.QueryKeyNorm;
import dev.spectron.lm.NormConfig;
import dev.spectron.lm.RotaryConfig;
import dev.spectron.nets.NetsConfig;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.spokenlm.SpokenLmConfig;
import dev.spectron.vocoder.wavefit.WaveFitConfig;
import java.util.List;

/**
 * Models of one block with every switch of a named configuration, small enough for finite
 * differences; {@code imported} has the switches that no named one has. Dropout inside the back end
 * is off.
 */
final class TinyModels {
  static final int MELS = 6;
  static final int ENCODER_DIM = 8;
  static final int D_MODEL = 12;
  static final int VOCABULARY = 7;

  private TinyModels() {}

  static SpokenLmConfig of(String name) {
    boolean imported = name.equals("imported");
    SpokenLmConfig like = NamedConfigs.of(imported ? "spectron-350m" : name);
    FeatureSpec features =
        new FeatureSpec(16_000, 64, 64, 16, MELS, 20, 8000, 1e-3, Normalisation.none());
    NetsConfig nets = like.nets();
    return new SpokenLmConfig(
        features,
        features,
        imported ? importedConformer() : conformer(like.conformer()),
        new NetsConfig(
            ENCODER_DIM,
            D_MODEL,
            MELS,
            nets.reductionFactor(),
            5,
            nets.preNetDropout(),
            9,
            nets.stopHead()),
        imported ? importedLm() : lm(like.lm()),
        like.decoding());
  }

  private static ConformerConfig conformer(ConformerConfig like) {
    return new ConformerConfig(
        MELS,
        List.of(3, 2),
        ENCODER_DIM,
        1,
        2,
        10,
        like.kernelSize(),
        like.position(),
        like.convolutionNorm(),
        like.causalConvolution(),
        like.chunk(),
        0);
  }

  private static ConformerConfig importedConformer() {
    return new ConformerConfig(
        MELS,
        List.of(3),
        ENCODER_DIM,
        1,
        2,
        10,
        4,
        ConformerConfig.PositionKind.NONE,
        ConvolutionNormKind.BATCH_NORM,
        true,
        new ChunkConfig(2, 2, 1),
        0);
  }

  private static LmConfig lm(LmConfig like) {
    boolean multiQuery = like.nKvHeads() == 1;
    return new LmConfig(
        VOCABULARY,
        D_MODEL,
        1,
        4,
        multiQuery ? 1 : 4,
        4,
        10,
        64,
        like.block(),
        like.norm(),
        like.attentionBias(),
        like.outputBias(),
        like.queryKeyNorm(),
        rotary(like.rotary()),
        like.feedForward(),
        like.tiedHead(),
        like.embeddingScale() == 1 ? 1 : 3,
        0);
  }

  private static RotaryConfig rotary(RotaryConfig like) {
    return new RotaryConfig(
        4,
        like.theta(),
        like.scaling(),
        like.factor(),
        like.lowFrequencyFactor(),
        like.highFrequencyFactor(),
        like.originalPositions());
  }

  /** Grouped queries, per-head norm of queries and keys, gain offset, biases, partial rotation. */
  private static LmConfig importedLm() {
    return new LmConfig(
        VOCABULARY,
        D_MODEL,
        1,
        4,
        2,
        6,
        10,
        64,
        LmConfig.Block.SERIAL,
        new NormConfig(NormConfig.Kind.RMS_NORM, 1e-5f, false, 1),
        true,
        true,
        QueryKeyNorm.HEAD,
        new RotaryConfig(4, 1000, RotaryConfig.Scaling.LLAMA3, 8, 1, 4, 64),
        FeedForwardKind.GATED_GELU_TANH,
        false,
        1,
        0);
  }

  static FeatureSpec vocoderFeatures() {
    return new FeatureSpec(8000, 64, 48, 12, 10, 50, 4000, 1e-3, Normalisation.none());
  }

  /** A WaveFit of two iterations. */
  static WaveFitConfig vocoder(int phaseIterations, int polishIterations) {
    return new WaveFitConfig(
        vocoderFeatures(),
        2,
        6,
        4,
        List.of(4, 6),
        List.of(3, 2, 2),
        List.of(6, 5, 4),
        2,
        6,
        phaseIterations,
        polishIterations);
  }
}
