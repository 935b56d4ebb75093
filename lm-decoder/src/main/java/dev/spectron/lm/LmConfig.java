package dev.spectron.lm;

import dev.spectron.core.config.IfAbsent;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.Init;

/**
 * Sizes and switches of a decoder-only language model; wide enough for PaLM's shape (Spectron's)
 * and for the open models that can be imported.
 *
 * @param vocabulary token ids
 * @param dModel channels
 * @param nLayers decoder blocks
 * @param nHeads query heads
 * @param nKvHeads key and value heads; 1: multi-query (PaLM), equal to {@code nHeads}: multi-head
 * @param headDim channels of a head, even
 * @param feedForwardDim hidden channels of the feed-forward, 4·dModel in PaLM
 * @param maxPositions most positions of one run, prefix and frames included
 * @param block whether attention and feed-forward run side by side (PaLM) or one after the other
 * @param norm kind of norm
 * @param attentionBias whether query, key and value have biases
 * @param outputBias whether attention output and feed-forward have biases
 * @param queryKeyNorm norm of queries and keys
 * @param rotary rotary positions
 * @param feedForward kind of feed-forward
 * @param tiedHead whether the head is the embedding table
 * @param embeddingScale factor on token embeddings, 1 or sqrt(dModel)
 * @param dropout rate in training, in [0, 1)
 * @param clip bound on the magnitude of queries, keys and values, 0 for none; 8 in some of OLMo
 * @param attentionScale factor on the scores, 0 for 1 / sqrt(headDim)
 * @param local layers that attend to a window only, as in Gemma 3
 */
public record LmConfig(
    int vocabulary,
    int dModel,
    int nLayers,
    int nHeads,
    int nKvHeads,
    int headDim,
    int feedForwardDim,
    int maxPositions,
    Block block,
    NormConfig norm,
    boolean attentionBias,
    boolean outputBias,
    QueryKeyNorm queryKeyNorm,
    RotaryConfig rotary,
    FeedForwardKind feedForward,
    boolean tiedHead,
    float embeddingScale,
    float dropout,
    @IfAbsent("0") float clip,
    @IfAbsent("0") float attentionScale,
    @IfAbsent(LocalLayersConfig.ABSENT) LocalLayersConfig local) {
  /** How a block adds its two halves. */
  public enum Block {
    /** y = x + Attention(N(x)) + FFN(N(x)), one norm. */
    PARALLEL,
    /** x₁ = x + Attention(N(x)), y = x₁ + FFN(N(x₁)). */
    SERIAL,
    /** x₁ = x + N(Attention(x)), y = x₁ + N(FFN(x₁)), as in OLMo 2. */
    POST_NORM,
    /** x₁ = x + N(Attention(N(x))), y = x₁ + N(FFN(N(x₁))), as in Gemma 3. */
    SANDWICH;

    /** Whether attention reads normalised states. */
    public boolean normsInput() {
      return this != POST_NORM;
    }

    /** Whether what attention and feed-forward write is normalised. */
    public boolean normsOutput() {
      return this == POST_NORM || this == SANDWICH;
    }

    /** Whether the feed-forward reads states with a norm of its own. */
    public boolean normsBetween() {
      return this == SERIAL || this == SANDWICH;
    }
  }

  /** Where queries and keys are normalised before rotation. */
  public enum QueryKeyNorm {
    /** Nowhere. */
    NONE,
    /** RMS norm over each head's channels. */
    HEAD,
    /** RMS norm over all heads' channels together. */
    ALL_HEADS
  }

  /** Kind of feed-forward. */
  public enum FeedForwardKind {
    /** down(silu(gate(x)) ⊙ up(x)). */
    GATED_SILU,
    /** down(gelu_tanh(gate(x)) ⊙ up(x)). */
    GATED_GELU_TANH,
    /** down(gelu(up(x))). */
    GELU,
    /** down(silu(up(x))). */
    SILU
  }

  /**
   * Checks the sizes.
   *
   * @throws BundleException if one is out of range
   */
  public LmConfig {
    require(vocabulary >= 2 && vocabulary <= 1 << 20, "vocabulary", "2 to 1048576", vocabulary);
    require(dModel >= 1 && dModel <= 1 << 15, "d_model", "1 to 32768", dModel);
    require(nLayers >= 1 && nLayers <= 1024, "n_layers", "1 to 1024", nLayers);
    require(nHeads >= 1 && nHeads <= 1024, "n_heads", "1 to 1024", nHeads);
    require(
        nKvHeads >= 1 && nHeads % nKvHeads == 0,
        "n_kv_heads",
        "a divisor of n_heads " + nHeads,
        nKvHeads);
    require(
        headDim >= 2 && headDim <= 1024 && headDim % 2 == 0,
        "head_dim",
        "an even number up to 1024",
        headDim);
    require(
        feedForwardDim >= 1 && feedForwardDim <= 1 << 18,
        "feed_forward_dim",
        "1 to 262144",
        feedForwardDim);
    require(
        maxPositions >= 1 && maxPositions <= 1 << 22,
        "max_positions",
        "1 to 4194304",
        maxPositions);
    require(rotary.dims() <= headDim, "rotary.dims", "at most head_dim " + headDim, rotary.dims());
    require(
        embeddingScale > 0 && embeddingScale < 1e4,
        "embedding_scale",
        "above 0 and below 10000",
        embeddingScale);
    require(dropout >= 0 && dropout < 1, "dropout", "at least 0 and below 1", dropout);
    require(clip >= 0 && clip < 1e4, "clip", "at least 0 and below 10000", clip);
    require(
        attentionScale >= 0 && attentionScale < 1e4,
        "attention_scale",
        "at least 0 and below 10000",
        attentionScale);
  }

  /** Sizes of a model all of whose layers see everything before them. */
  public LmConfig(
      int vocabulary,
      int dModel,
      int nLayers,
      int nHeads,
      int nKvHeads,
      int headDim,
      int feedForwardDim,
      int maxPositions,
      Block block,
      NormConfig norm,
      boolean attentionBias,
      boolean outputBias,
      QueryKeyNorm queryKeyNorm,
      RotaryConfig rotary,
      FeedForwardKind feedForward,
      boolean tiedHead,
      float embeddingScale,
      float dropout) {
    this(
        vocabulary,
        dModel,
        nLayers,
        nHeads,
        nKvHeads,
        headDim,
        feedForwardDim,
        maxPositions,
        block,
        norm,
        attentionBias,
        outputBias,
        queryKeyNorm,
        rotary,
        feedForward,
        tiedHead,
        embeddingScale,
        dropout,
        0,
        0,
        LocalLayersConfig.none());
  }

  /**
   * PaLM's shape: parallel blocks, multi-query attention, SwiGLU of width 4·dModel, gain-only layer
   * norm, no biases, tied head. Source: Chowdhery et al. 2022, arXiv 2204.02311, section 2. The
   * positions hold two minutes of question and one of answer at a frame a step.
   */
  static LmConfig palm(int vocabulary, int dModel, int nLayers, int nHeads, int headDim) {
    return new LmConfig(
        vocabulary,
        dModel,
        nLayers,
        nHeads,
        1,
        headDim,
        Math.multiplyExact(4, dModel),
        8192,
        Block.PARALLEL,
        new NormConfig(NormConfig.Kind.LAYER_NORM, 1e-5f, false, 0),
        false,
        false,
        QueryKeyNorm.NONE,
        RotaryConfig.of(headDim, 10_000),
        FeedForwardKind.GATED_SILU,
        true,
        1,
        0.1f);
  }

  /** The 350M decoder: 21 layers of width 1024, 16 heads of 64, 32,000 tokens. */
  public static LmConfig spectron350m() {
    return palm(32_000, 1024, 21, 16, 64);
  }

  /** The 1B decoder: 16 layers of width 2048, 16 heads of 128, 32,000 tokens. */
  public static LmConfig spectron1b() {
    return palm(32_000, 2048, 16, 16, 128);
  }

  /** The same sizes for a tokenizer of another size. */
  public LmConfig withVocabulary(int other) {
    return new LmConfig(
        other,
        dModel,
        nLayers,
        nHeads,
        nKvHeads,
        headDim,
        feedForwardDim,
        maxPositions,
        block,
        norm,
        attentionBias,
        outputBias,
        queryKeyNorm,
        rotary,
        feedForward,
        tiedHead,
        embeddingScale,
        dropout,
        clip,
        attentionScale,
        local);
  }

  /** Channels of all query heads. */
  public int queryChannels() {
    return Math.multiplyExact(nHeads, headDim);
  }

  /** Channels of all key heads. */
  public int kvChannels() {
    return Math.multiplyExact(nKvHeads, headDim);
  }

  /** Start of a map that writes to the residual stream: smaller the more layers add to it. */
  static Init residualInit(LmConfig config, int fanIn) {
    return Init.normal(1 / Math.sqrt(2.0 * config.nLayers() * fanIn));
  }

  /** Rotary positions of a layer. */
  RotaryConfig rotary(boolean isLocal) {
    return isLocal ? RotaryConfig.of(rotary.dims(), local.theta()) : rotary;
  }

  static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new BundleException(
          "config.json: lm." + key + ": expected " + expected + ", found " + found);
    }
  }
}
