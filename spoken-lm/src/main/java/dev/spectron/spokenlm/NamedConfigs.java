package dev.spectron.spokenlm;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.conformer.ConformerConfig.ConvolutionNormKind;
import dev.spectron.conformer.ConformerConfig.PositionKind;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.ErrorCode;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.lm.LmConfig;
import dev.spectron.lm.LmConfig.Block;
import dev.spectron.lm.LmConfig.FeedForwardKind;
import dev.spectron.lm.LmConfig.QueryKeyNorm;
import dev.spectron.lm.NormConfig;
import dev.spectron.lm.RotaryConfig;
import dev.spectron.nets.NetsConfig;
import dev.spectron.vocoder.VocoderConfig;
import java.util.List;

/** The configurations that have a name. */
public final class NamedConfigs {
  /** The names, largest model first. */
  public static final List<String> NAMES =
      List.of(
          "spectron-1b",
          "spectron-350m",
          "spectron-mini",
          "spectron-mini-continue",
          "spectron-micro",
          "toy");

  private NamedConfigs() {}

  /**
   * A configuration by name.
   *
   * @throws BundleException if there is none of that name
   */
  public static SpokenLmConfig of(String name) {
    return switch (name) {
      case "spectron-1b" -> spectron(LmConfig.spectron1b());
      case "spectron-350m" -> spectron(LmConfig.spectron350m());
      case "spectron-mini" -> mini();
      case "spectron-mini-continue" -> mini().withDecoding(new DecodingConfig(false, 160, 480));
      case "spectron-micro" -> micro();
      case "toy" -> toy();
      default ->
          throw new BundleException(
              "configuration " + name + ": expected one of " + NAMES,
              ErrorCode.CONFIGURATION_UNKNOWN);
    };
  }

  /**
   * The vocoder that goes with a configuration: WaveFit for the paper's, which needs trained
   * weights to be heard, Griffin–Lim for the small ones.
   */
  public static VocoderConfig vocoder(String name) {
    return of(name).outputFeatures().equals(FeatureSpec.spectron())
        ? VocoderConfig.spectron()
        : VocoderConfig.spectron().with(VocoderConfig.Kind.GRIFFIN_LIM);
  }

  /** The paper's shape: 600M encoder, one 12.5 ms frame a step, 128 mel bins; answers of 60 s. */
  private static SpokenLmConfig spectron(LmConfig lm) {
    FeatureSpec features = FeatureSpec.spectron();
    return new SpokenLmConfig(
        features,
        features,
        ConformerConfig.spectron(),
        NetsConfig.spectron(lm.dModel()),
        lm,
        new DecodingConfig(true, 256, 4800));
  }

  /**
   * About 10M parameters, characters as tokens, two frames a step: what two CPU cores train within
   * an hour or two.
   */
  private static SpokenLmConfig mini() {
    FeatureSpec features =
        new FeatureSpec(16_000, 1024, 800, 200, 80, 20, 8000, 1e-3, Normalisation.none());
    return new SpokenLmConfig(
        features,
        features,
        new ConformerConfig(
            80,
            List.of(32, 32),
            192,
            5,
            4,
            768,
            15,
            PositionKind.ROTARY,
            ConvolutionNormKind.LAYER_NORM,
            false,
            ChunkConfig.none(),
            0.1f),
        new NetsConfig(192, 256, 80, 3, 48, 0.5f, 512, true),
        small(1200, 256, 5, 4, 64, 768, 0.1f),
        new DecodingConfig(true, 80, 480));
  }

  /** A third of mini, for experiments that train many models. */
  private static SpokenLmConfig micro() {
    FeatureSpec features = mini().outputFeatures();
    return new SpokenLmConfig(
        features,
        features,
        new ConformerConfig(
            80,
            List.of(16, 32),
            128,
            4,
            4,
            512,
            15,
            PositionKind.ROTARY,
            ConvolutionNormKind.LAYER_NORM,
            false,
            ChunkConfig.none(),
            0),
        new NetsConfig(128, 192, 80, 3, 48, 0.5f, 384, true),
        small(1200, 192, 4, 3, 64, 512, 0),
        new DecodingConfig(true, 80, 480));
  }

  /** For tests: a few thousand parameters of every kind. */
  private static SpokenLmConfig toy() {
    FeatureSpec features =
        new FeatureSpec(16_000, 512, 400, 200, 20, 20, 8000, 1e-3, Normalisation.none());
    return new SpokenLmConfig(
        features,
        features,
        new ConformerConfig(
            20,
            List.of(8, 8),
            32,
            2,
            2,
            64,
            5,
            PositionKind.TRANSFORMER_XL,
            ConvolutionNormKind.LAYER_NORM,
            false,
            ChunkConfig.none(),
            0),
        new NetsConfig(32, 48, 20, 2, 16, 0, 64, true),
        small(33, 48, 2, 4, 12, 96, 0),
        new DecodingConfig(true, 64, 100));
  }

  /** Serial blocks, RMS norm, SwiGLU, tied head: the common shape of small open models. */
  private static LmConfig small(
      int vocabulary,
      int dModel,
      int nLayers,
      int nHeads,
      int headDim,
      int feedForwardDim,
      float dropout) {
    return new LmConfig(
        vocabulary,
        dModel,
        nLayers,
        nHeads,
        nHeads,
        headDim,
        feedForwardDim,
        1024,
        Block.SERIAL,
        new NormConfig(NormConfig.Kind.RMS_NORM, 1e-5f, false, 0),
        false,
        false,
        QueryKeyNorm.NONE,
        new RotaryConfig(headDim, 10_000, RotaryConfig.Scaling.NONE, 1, 1, 4, 1024),
        FeedForwardKind.GATED_SILU,
        true,
        (float) Math.sqrt(dModel),
        dropout);
  }
}
