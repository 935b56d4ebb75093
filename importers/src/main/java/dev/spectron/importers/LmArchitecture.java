package dev.spectron.importers;

import dev.spectron.core.error.BundleException;
import dev.spectron.lm.LmConfig;
import dev.spectron.lm.LmConfig.Block;
import dev.spectron.lm.LmConfig.FeedForwardKind;
import dev.spectron.lm.LmConfig.QueryKeyNorm;
import dev.spectron.lm.LocalLayersConfig;
import dev.spectron.lm.NormConfig;
import dev.spectron.lm.RotaryConfig;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The language models that can be imported, as transformers describes them in {@code config.json}.
 */
enum LmArchitecture {
  /** Llama, TinyLlama, SmolLM. */
  LLAMA("llama"),
  /** Llama with biases of queries, keys and values. */
  QWEN2("qwen2"),
  /** Llama with norms of queries and keys, by head. */
  QWEN3("qwen3"),
  /** Layer norms without weights; may clip queries, keys and values. */
  OLMO("olmo"),
  /** Norms behind attention and feed-forward, and of all heads' queries and keys together. */
  OLMO2("olmo2"),
  /** Norms before and behind; most layers see a window. */
  GEMMA3("gemma3_text");

  private static final String MODEL_TYPE = "model_type";

  private final String modelType;

  LmArchitecture(String modelType) {
    this.modelType = modelType;
  }

  /**
   * The architecture that a configuration names.
   *
   * @throws BundleException if it cannot be imported
   */
  static LmArchitecture of(HubConfig config) {
    String found = config.text(MODEL_TYPE);
    for (LmArchitecture architecture : values()) {
      if (architecture.modelType.equals(found)) {
        return architecture;
      }
    }
    List<String> known =
        List.of(values()).stream().map(architecture -> architecture.modelType).toList();
    throw config.wrong(MODEL_TYPE, "a language model of " + known, found);
  }

  /**
   * Sizes and switches.
   *
   * @throws BundleException if a key is missing or says something that cannot be imported
   */
  LmConfig config(HubConfig hub) {
    requireKnownSwitches(hub);
    int d = hub.integer("hidden_size");
    int nHeads = hub.integer("num_attention_heads");
    if (nHeads < 1) {
      throw hub.wrong("num_attention_heads", "at least 1", nHeads);
    }
    int headDim = hub.integer("head_dim", Math.max(2, d / nHeads));
    boolean biased = hub.flag("attention_bias", false);
    return new LmConfig(
        hub.integer("vocab_size"),
        d,
        hub.integer("num_hidden_layers"),
        nHeads,
        hub.integer("num_key_value_heads", nHeads),
        headDim,
        hub.integer("intermediate_size"),
        hub.integer("max_position_embeddings"),
        block(),
        norm(hub),
        this == QWEN2 || biased,
        biased,
        queryKeyNorm(),
        rotary(hub, headDim),
        this == GEMMA3 ? FeedForwardKind.GATED_GELU_TANH : FeedForwardKind.GATED_SILU,
        hub.flag("tie_word_embeddings", this == GEMMA3),
        this == GEMMA3 ? (float) Math.sqrt(d) : 1,
        0,
        (float) hub.number("clip_qkv", 0),
        this == GEMMA3 ? (float) (1 / Math.sqrt(hub.number("query_pre_attn_scalar"))) : 0,
        this == GEMMA3 ? localLayers(hub) : LocalLayersConfig.none());
  }

  /** Tensor names; those of the whole model, with its head. */
  NameTable names() {
    NameTable names =
        new NameTable()
            .row("embedding", "model.embed_tokens")
            .row("norm", "model.norm")
            .row("head", "lm_head");
    String layer = "model.layers.#.";
    for (String map : List.of("query", "key", "value", "output")) {
      names.row("layers.#.attention." + map, layer + "self_attn." + map.charAt(0) + "_proj");
    }
    names.row("layers.#.attention.query_norm", layer + "self_attn.q_norm");
    names.row("layers.#.attention.key_norm", layer + "self_attn.k_norm");
    for (String map : List.of("gate", "up", "down")) {
      names.row("layers.#.feed_forward." + map, layer + "mlp." + map + "_proj");
    }
    String behindAttention = layer + "post_attention_layernorm";
    names.row("layers.#.attention_norm", layer + "input_layernorm");
    if (block().normsOutput()) {
      names.row("layers.#.attention_output_norm", behindAttention);
      names.row("layers.#.feed_forward_norm", layer + "pre_feedforward_layernorm");
      names.row("layers.#.feed_forward_output_norm", layer + "post_feedforward_layernorm");
    } else {
      names.row("layers.#.feed_forward_norm", behindAttention);
    }
    return names;
  }

  /** Frequencies that old files store, though they follow from the configuration. */
  static boolean isNeedless(String name) {
    return name.matches("model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq");
  }

  private Block block() {
    return switch (this) {
      case LLAMA, QWEN2, QWEN3, OLMO -> Block.SERIAL;
      case OLMO2 -> Block.POST_NORM;
      case GEMMA3 -> Block.SANDWICH;
    };
  }

  private QueryKeyNorm queryKeyNorm() {
    return switch (this) {
      case LLAMA, QWEN2, OLMO -> QueryKeyNorm.NONE;
      case QWEN3, GEMMA3 -> QueryKeyNorm.HEAD;
      case OLMO2 -> QueryKeyNorm.ALL_HEADS;
    };
  }

  private NormConfig norm(HubConfig hub) {
    return this == OLMO
        ? new NormConfig(NormConfig.Kind.NON_PARAMETRIC, 1e-5f, false, 0)
        : new NormConfig(
            NormConfig.Kind.RMS_NORM,
            (float) hub.number("rms_norm_eps"),
            false,
            this == GEMMA3 ? 1 : 0);
  }

  private void requireKnownSwitches(HubConfig hub) {
    hub.requireAbsentOr("use_sliding_window", false);
    hub.requireAbsentOr("rope_interleaved", false);
    hub.requireNull("partial_rotary_factor");
    hub.requireNull("attn_logit_softcapping");
    hub.requireNull("final_logit_softcapping");
    hub.requireNull("quantization_config");
    String expected = this == GEMMA3 ? "gelu_pytorch_tanh" : "silu";
    String activation = hub.text("hidden_activation", hub.text("hidden_act", expected));
    if (!activation.equals(expected)) {
      throw hub.wrong("hidden_act", expected, activation);
    }
    if (hub.flag("mlp_bias", false) != (this == LLAMA && hub.flag("attention_bias", false))) {
      throw hub.wrong("mlp_bias", "the value of attention_bias", hub.values().get("mlp_bias"));
    }
    if (this != LLAMA) {
      hub.requireAbsentOr("attention_bias", false);
    }
  }

  private RotaryConfig rotary(HubConfig hub, int headDim) {
    HubConfig parameters = hub.part("rope_parameters").orElse(hub);
    HubConfig own = parameters.part("full_attention").orElse(parameters);
    double theta = own.number("rope_theta", hub.number("rope_theta", 10_000));
    HubConfig scaling = hub.part("rope_scaling").orElse(own);
    String type = scaling.text("rope_type", scaling.text("type", "default"));
    return switch (type) {
      case "default" -> RotaryConfig.of(headDim, theta);
      case "linear" ->
          new RotaryConfig(
              headDim, theta, RotaryConfig.Scaling.LINEAR, scaling.number("factor"), 1, 4, 4096);
      case "llama3" ->
          new RotaryConfig(
              headDim,
              theta,
              RotaryConfig.Scaling.LLAMA3,
              scaling.number("factor"),
              scaling.number("low_freq_factor"),
              scaling.number("high_freq_factor"),
              scaling.integer("original_max_position_embeddings"));
      default -> throw scaling.wrong("rope_type", "default, linear or llama3", type);
    };
  }

  private static LocalLayersConfig localLayers(HubConfig hub) {
    double theta =
        hub.part("rope_parameters")
            .flatMap(parameters -> parameters.part("sliding_attention"))
            .map(local -> local.number("rope_theta"))
            .orElseGet(() -> hub.number("rope_local_base_freq"));
    int window = hub.integer("sliding_window");
    if (window < 1) {
      throw hub.wrong("sliding_window", "at least 1", window);
    }
    int every = hub.integer("sliding_window_pattern", 6);
    if (hub.has("layer_types")) {
      List<?> found = hub.list("layer_types");
      int first = found.indexOf("full_attention");
      every = hub.integer("sliding_window_pattern", first < 0 ? found.size() + 1 : first + 1);
      requirePattern(hub, found, every);
    }
    return new LocalLayersConfig(window, every, theta);
  }

  private static void requirePattern(HubConfig hub, List<?> found, int every) {
    List<String> expected =
        IntStream.range(0, hub.integer("num_hidden_layers"))
            .mapToObj(i -> (i + 1) % every == 0 ? "full_attention" : "sliding_attention")
            .toList();
    if (!found.equals(expected)) {
      throw hub.wrong("layer_types", "full_attention in every " + every + "th layer", found);
    }
  }
}
