package dev.spectron.conformer;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.config.IfAbsent;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.Linear;
import dev.spectron.core.layer.WeightScope;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sizes of a Conformer encoder. The 0.6B encoder of Spectron is {@link #spectron()}.
 *
 * @param nMels mel bins of the input
 * @param subsamplingChannels output channels of each stride-2 convolution; two of them make the
 *     factor 4
 * @param dModel channels of the encoder states; a multiple of {@code nHeads}
 * @param nLayers Conformer blocks
 * @param nHeads attention heads
 * @param feedForwardDim hidden channels of a feed-forward module, 4·dModel in the paper
 * @param kernelSize taps of the depthwise convolution; 32 in the paper, 5 in Spectron's encoder
 * @param position how attention learns positions
 * @param convolutionNorm norm inside the convolution module; batch norm only for imported encoders
 * @param causalConvolution whether the depthwise convolution sees no later frame
 * @param chunk chunk-wise attention, or all zeros for attention over the whole utterance
 * @param dropout rate in training, in [0, 1)
 * @param longAudio up to which length answering attends to the whole utterance, and what is done
 *     with longer ones; without limit in configurations that do not say
 * @param input what turns features into vectors of {@code dModel}
 * @param linearBias whether attention and feed-forward have biases
 * @param convolutionBias whether the convolutions of the convolution module have biases
 * @param relativeLeft largest distance back that {@link PositionKind#RELATIVE_KEY} tells apart
 * @param relativeRight likewise ahead
 * @param finalNorm whether a layer norm follows the last block
 * @param adapter layers of stride 2 behind the blocks
 */
public record ConformerConfig(
    int nMels,
    List<Integer> subsamplingChannels,
    int dModel,
    int nLayers,
    int nHeads,
    int feedForwardDim,
    int kernelSize,
    PositionKind position,
    ConvolutionNormKind convolutionNorm,
    boolean causalConvolution,
    ChunkConfig chunk,
    float dropout,
    @IfAbsent(LongAudioConfig.UNLIMITED) LongAudioConfig longAudio,
    @IfAbsent(InputConfig.ABSENT) InputConfig input,
    @IfAbsent("true") boolean linearBias,
    @IfAbsent("true") boolean convolutionBias,
    @IfAbsent("0") int relativeLeft,
    @IfAbsent("0") int relativeRight,
    @IfAbsent("false") boolean finalNorm,
    @IfAbsent("0") int adapter) {
  static final float NORM_EPSILON = 1e-5f;

  /** How a bundle names its positions. */
  public enum PositionKind {
    /** Relative sinusoids with learned biases, as in the paper. */
    TRANSFORMER_XL,
    /** Rotary embedding of queries and keys, wavelength base 10000. */
    ROTARY,
    /**
     * Rotary embedding of what queries and keys are made of, cut into heads; wavelength base 10000,
     * as in Wav2Vec2-Conformer.
     */
    ROTARY_INPUT,
    /** Learned keys of clipped distances, as in w2v-BERT 2.0. */
    RELATIVE_KEY,
    /** None: the convolutions alone tell order. */
    NONE
  }

  /** How a bundle names the norm inside the convolution module. */
  public enum ConvolutionNormKind {
    /** Layer norm over the channels. */
    LAYER_NORM,
    /** Batch norm with stored statistics. */
    BATCH_NORM
  }

  /**
   * Chunk-wise attention, in encoder frames.
   *
   * @param size frames of a chunk, 0 for the whole utterance
   * @param left frames seen before a chunk
   * @param right frames seen after a chunk
   */
  public record ChunkConfig(int size, int left, int right) {
    private static final int MOST = 1 << 20;

    /**
     * Checks the sizes.
     *
     * @throws BundleException if one is out of range
     */
    public ChunkConfig {
      boolean fit = Stream.of(size, left, right).allMatch(n -> n >= 0 && n <= MOST);
      require(fit, "chunk", "sizes of 0 to " + MOST, List.of(size, left, right));
    }

    /** Attention over the whole utterance. */
    public static ChunkConfig none() {
      return new ChunkConfig(0, 0, 0);
    }

    AttentionMask mask() {
      return size == 0 ? new AttentionMask.Full() : new AttentionMask.Chunked(size, left, right);
    }
  }

  /** Sizes of an encoder that attends to the whole utterance however long, or in chunks always. */
  public ConformerConfig(
      int nMels,
      List<Integer> subsamplingChannels,
      int dModel,
      int nLayers,
      int nHeads,
      int feedForwardDim,
      int kernelSize,
      PositionKind position,
      ConvolutionNormKind convolutionNorm,
      boolean causalConvolution,
      ChunkConfig chunk,
      float dropout) {
    this(
        nMels,
        subsamplingChannels,
        dModel,
        nLayers,
        nHeads,
        feedForwardDim,
        kernelSize,
        position,
        convolutionNorm,
        causalConvolution,
        chunk,
        dropout,
        LongAudioConfig.unlimited(),
        InputConfig.convolutions(),
        true,
        true,
        0,
        0,
        false,
        0);
  }

  /**
   * Checks the sizes.
   *
   * @throws BundleException if one is out of range
   */
  public ConformerConfig {
    subsamplingChannels = List.copyOf(subsamplingChannels);
    require(nMels >= 1 && nMels <= 1024, "n_mels", "1 to 1024", nMels);
    require(
        input.fits(subsamplingChannels.size()),
        "subsampling_channels",
        "a size for each convolution of input",
        subsamplingChannels);
    require(
        subsamplingChannels.stream().allMatch(c -> c >= 1 && c <= 8192),
        "subsampling_channels",
        "1 to 8192",
        subsamplingChannels);
    require(
        nHeads >= 1 && dModel >= 2 && dModel <= 1 << 15,
        "d_model",
        "2 to 32768 and n_heads >= 1",
        dModel);
    require(dModel % nHeads == 0, "n_heads", "a divisor of d_model " + dModel, nHeads);
    require(nLayers >= 1 && nLayers <= 1024, "n_layers", "1 to 1024", nLayers);
    require(
        feedForwardDim >= 1 && feedForwardDim <= 1 << 18,
        "feed_forward_dim",
        "1 to 262144",
        feedForwardDim);
    require(kernelSize >= 1 && kernelSize <= 1024, "kernel_size", "1 to 1024", kernelSize);
    require(
        (position != PositionKind.ROTARY && position != PositionKind.ROTARY_INPUT)
            || dModel / nHeads % 2 == 0,
        "position",
        "even heads for rotary",
        dModel / nHeads);
    require(dropout >= 0 && dropout < 1, "dropout", "at least 0 and below 1", dropout);
    require(
        relativeLeft >= 0
            && relativeLeft <= 1 << 16
            && relativeRight >= 0
            && relativeRight <= 1 << 16,
        "relative_left",
        "distances of 0 to 65536",
        List.of(relativeLeft, relativeRight));
    require(adapter >= 0 && adapter <= 16, "adapter", "0 to 16 layers", adapter);
  }

  /** The 600M encoder: 24 layers of width 1024, 8 heads, kernel 5, 128 mel bins. */
  public static ConformerConfig spectron() {
    return new ConformerConfig(
        128,
        List.of(128, 32),
        1024,
        24,
        8,
        4096,
        5,
        PositionKind.TRANSFORMER_XL,
        ConvolutionNormKind.LAYER_NORM,
        false,
        ChunkConfig.none(),
        0.1f);
  }

  /** The same sizes with another way to encode long utterances. */
  public ConformerConfig withLongAudio(LongAudioConfig other) {
    return new ConformerConfig(
        nMels,
        subsamplingChannels,
        dModel,
        nLayers,
        nHeads,
        feedForwardDim,
        kernelSize,
        position,
        convolutionNorm,
        causalConvolution,
        chunk,
        dropout,
        other,
        input,
        linearBias,
        convolutionBias,
        relativeLeft,
        relativeRight,
        finalNorm,
        adapter);
  }

  /** Channels of a head. */
  public int headDim() {
    return dModel / nHeads;
  }

  /** Input frames an encoder state. */
  public int subsamplingFactor() {
    return Math.multiplyExact(input.factor(subsamplingChannels.size()), 1 << adapter);
  }

  /** A map of attention or feed-forward. */
  Linear linear(WeightScope weights, int in, int out) {
    return Linear.load(weights, in, out, linearBias, Init.fanIn(in));
  }

  /** Geometry of the depthwise convolution. */
  Conv1dSpec depthwise() {
    return causalConvolution
        ? Conv1dSpec.causal(kernelSize, 1, dModel)
        : Conv1dSpec.same(kernelSize, 1, dModel);
  }

  static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new BundleException(
          "config.json: conformer." + key + ": expected " + expected + ", found " + found);
    }
  }
}
