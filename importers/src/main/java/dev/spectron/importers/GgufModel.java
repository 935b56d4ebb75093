package dev.spectron.importers;

import dev.spectron.core.backend.RotaryScaling;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.lm.LmConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A language model in a GGUF file: what its metadata says, in the words of {@code config.json}.
 *
 * @param hub the configuration
 * @param architecture which
 */
record GgufModel(HubConfig hub, LmArchitecture architecture) {
  private static final String ARCHITECTURE = "general.architecture";
  private static final String FACTORS = "rope_freqs.weight";

  /** Kinds whose norms are stored as their makers did: llama.cpp changes those of others. */
  private static final List<String> KNOWN = List.of("llama", "qwen2", "qwen3", "olmo2");

  /**
   * Reads the metadata.
   *
   * @throws BundleException if a key is missing or the architecture is none that can be imported
   */
  static GgufModel of(GgufFile file) {
    HubConfig keys = new HubConfig(file.where(), "", file.metadata());
    String type = keys.text(ARCHITECTURE);
    if (!KNOWN.contains(type)) {
      throw keys.wrong(ARCHITECTURE, "one of " + KNOWN + "; import the original folder", type);
    }
    Map<String, Object> hub = new LinkedHashMap<>();
    hub.put("model_type", type);
    for (String[] pair :
        new String[][] {
          {"hidden_size", "embedding_length"},
          {"num_hidden_layers", "block_count"},
          {"num_attention_heads", "attention.head_count"},
          {"intermediate_size", "feed_forward_length"},
          {"max_position_embeddings", "context_length"}
        }) {
      hub.put(pair[0], keys.integer(type + "." + pair[1]));
    }
    int nHeads = keys.integer(type + ".attention.head_count");
    hub.put("num_key_value_heads", keys.integer(type + ".attention.head_count_kv", nHeads));
    hub.put("rms_norm_eps", keys.number(type + ".attention.layer_norm_rms_epsilon"));
    hub.put("rope_theta", keys.number(type + ".rope.freq_base", 10_000));
    if (keys.has(type + ".attention.key_length")) {
      hub.put("head_dim", keys.integer(type + ".attention.key_length"));
    }
    String scaling = keys.text(type + ".rope.scaling.type", "none");
    if (!scaling.equals("none")) {
      throw keys.wrong(type + ".rope.scaling.type", "none; import the original folder", scaling);
    }
    if (!file.names().contains("token_embd.weight")) {
      throw new BundleException(
          file.where() + ": token_embd.weight: no such tensor; the file holds no language model");
    }
    hub.put("vocab_size", file.shape("token_embd.weight").size(0));
    hub.put("tie_word_embeddings", !file.names().contains("output.weight"));
    GgufModel plain =
        new GgufModel(
            new HubConfig(file.where(), "", hub),
            LmArchitecture.of(new HubConfig(file.where(), "", hub)));
    if (file.names().contains(FACTORS)) {
      hub.put("rope_scaling", llama3(file, plain.config().rotary().dims(), hub));
    }
    return plain;
  }

  /** Sizes and switches. */
  LmConfig config() {
    return architecture.config(hub);
  }

  static boolean isNeedless(String name) {
    return name.equals(FACTORS);
  }

  /**
   * The scaling of Llama 3 of which a file keeps only what it makes of the frequencies.
   *
   * @throws BundleException if it is another rule
   */
  private static Map<String, Object> llama3(GgufFile file, int dims, Map<String, Object> hub) {
    WeightData factors = file.get(FACTORS);
    float[] stored = factors.toFloats();
    double largest = 1;
    for (float factor : stored) {
      largest = Math.max(largest, factor);
    }
    RotaryScaling rule = new RotaryScaling.Llama3(largest, 1, 4, 8192);
    boolean fits = stored.length == dims / 2 && Double.isFinite(largest);
    for (int i = 0; fits && i < stored.length; i++) {
      double frequency = Math.pow(((Number) hub.get("rope_theta")).doubleValue(), -2.0 * i / dims);
      fits = Math.abs(frequency / stored[i] / rule.apply(frequency) - 1) < 1e-4;
    }
    if (!fits) {
      throw new BundleException(
          "%s: %s: expected the scaling of Llama 3 for 8192 positions, found another; import the original folder"
              .formatted(file.where(), FACTORS));
    }
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("rope_type", "llama3");
    scaling.put("factor", largest);
    scaling.put("low_freq_factor", 1);
    scaling.put("high_freq_factor", 4);
    scaling.put("original_max_position_embeddings", 8192);
    return scaling;
  }

  /** Tensor names. llama.cpp lays the halves of Llama's rotated heads side by side. */
  NameTable names(LmConfig config) {
    Layout heads =
        architecture == LmArchitecture.LLAMA
            ? new Layout.PairsTogether(config.headDim())
            : new Layout.Same();
    String layer = "blk.#.";
    NameTable names =
        new NameTable()
            .row("embedding", "token_embd")
            .row("norm", "output_norm")
            .row("head", "output")
            .row("layers.#.attention.query", layer + "attn_q", heads)
            .row("layers.#.attention.key", layer + "attn_k", heads)
            .row("layers.#.attention.value", layer + "attn_v")
            .row("layers.#.attention.output", layer + "attn_output")
            .row("layers.#.attention.query_norm", layer + "attn_q_norm")
            .row("layers.#.attention.key_norm", layer + "attn_k_norm")
            .row("layers.#.attention_norm", layer + "attn_norm")
            .row("layers.#.feed_forward_norm", layer + "ffn_norm")
            .row("layers.#.attention_output_norm", layer + "post_attention_norm")
            .row("layers.#.feed_forward_output_norm", layer + "post_ffw_norm");
    for (String map : List.of("gate", "up", "down")) {
      names.row("layers.#.feed_forward." + map, layer + "ffn_" + map);
    }
    return names;
  }
}
