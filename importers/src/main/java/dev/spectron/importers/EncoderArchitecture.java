package dev.spectron.importers;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.conformer.ConformerConfig.ConvolutionNormKind;
import dev.spectron.conformer.ConformerConfig.PositionKind;
import dev.spectron.conformer.InputConfig;
import dev.spectron.conformer.LongAudioConfig;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.signal.FeatureSpec;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** The speech encoders that can be imported, as transformers describes them. */
enum EncoderArchitecture {
  /** w2v-BERT 2.0: stacked Kaldi features, learned relative keys, causal convolutions. */
  W2V_BERT,
  /** FastConformer, as in Parakeet: eight frames a state, batch norm. */
  PARAKEET,
  /** Wav2Vec2-Conformer: reads samples; relative or rotary positions. */
  WAV2VEC2_CONFORMER;

  private static final String MODEL_TYPE = "model_type";

  /**
   * The architecture that a configuration names.
   *
   * @throws BundleException if it cannot be imported
   */
  static EncoderArchitecture of(HubConfig config) {
    String found = config.text(MODEL_TYPE);
    return switch (found) {
      case "wav2vec2-bert" -> W2V_BERT;
      case "parakeet_ctc", "parakeet_tdt", "parakeet_encoder" -> PARAKEET;
      case "wav2vec2-conformer" -> WAV2VEC2_CONFORMER;
      default ->
          throw config.wrong(
              MODEL_TYPE,
              "a speech encoder of wav2vec2-bert, parakeet_ctc, parakeet_tdt, parakeet_encoder, wav2vec2-conformer",
              found);
    };
  }

  /** What the encoder hears. */
  FeatureSpec features(HubConfig hub) {
    return switch (this) {
      case W2V_BERT -> FeatureSpec.kaldi();
      case PARAKEET -> FeatureSpec.parakeet(encoder(hub).integer("num_mel_bins"));
      case WAV2VEC2_CONFORMER -> FeatureSpec.waveform();
    };
  }

  /**
   * Sizes and switches.
   *
   * @throws BundleException if a key is missing or says something that cannot be imported
   */
  ConformerConfig config(HubConfig hub) {
    return switch (this) {
      case W2V_BERT -> w2vBert(hub);
      case PARAKEET -> parakeet(encoder(hub));
      case WAV2VEC2_CONFORMER -> wav2vec2(hub);
    };
  }

  private static HubConfig encoder(HubConfig hub) {
    return hub.part("encoder_config").orElse(hub);
  }

  private static ConformerConfig w2vBert(HubConfig hub) {
    requireSwish(hub);
    hub.requireAbsentOr("layer_norm_eps", 1e-5);
    hub.requireAbsentOr("position_embeddings_type", "relative_key");
    int stack = 2;
    int mels = FeatureSpec.kaldi().nMels();
    if (hub.integer("feature_projection_input_dim") != stack * mels) {
      throw hub.wrong(
          "feature_projection_input_dim",
          "" + stack * mels,
          hub.integer("feature_projection_input_dim"));
    }
    boolean adapted = hub.flag("add_adapter", false);
    if (adapted) {
      hub.requireAbsentOr("adapter_kernel_size", 3);
      hub.requireAbsentOr("adapter_stride", 2);
      hub.requireAbsentOr("adapter_act", "relu");
      hub.requireAbsentOr("use_intermediate_ffn_before_adapter", false);
      hub.requireAbsentOr("output_hidden_size", hub.integer("hidden_size"));
    }
    return new ConformerConfig(
        mels,
        List.of(),
        hub.integer("hidden_size"),
        hub.integer("num_hidden_layers"),
        hub.integer("num_attention_heads"),
        hub.integer("intermediate_size"),
        hub.integer("conv_depthwise_kernel_size"),
        PositionKind.RELATIVE_KEY,
        ConvolutionNormKind.LAYER_NORM,
        true,
        ChunkConfig.none(),
        0,
        LongAudioConfig.unlimited(),
        new InputConfig(InputConfig.Kind.FRAMES, stack, List.of(), List.of(), 1),
        true,
        false,
        hub.integer("left_max_position_embeddings"),
        hub.integer("right_max_position_embeddings"),
        false,
        adapted ? hub.integer("num_adapter_layers") : 0);
  }

  private static ConformerConfig parakeet(HubConfig hub) {
    requireSwish(hub);
    hub.requireAbsentOr("subsampling_conv_kernel_size", 3);
    hub.requireAbsentOr("subsampling_conv_stride", 2);
    hub.requireAbsentOr("num_key_value_heads", hub.integer("num_attention_heads"));
    int factor = hub.integer("subsampling_factor");
    if (factor < 2 || factor > 16 || Integer.bitCount(factor) != 1) {
      throw hub.wrong("subsampling_factor", "2, 4, 8 or 16", factor);
    }
    int d = hub.integer("hidden_size");
    float scale = hub.flag("scale_input", true) ? (float) Math.sqrt(d) : 1;
    return new ConformerConfig(
        hub.integer("num_mel_bins"),
        Collections.nCopies(
            Integer.numberOfTrailingZeros(factor), hub.integer("subsampling_conv_channels")),
        d,
        hub.integer("num_hidden_layers"),
        hub.integer("num_attention_heads"),
        hub.integer("intermediate_size"),
        hub.integer("conv_kernel_size"),
        PositionKind.TRANSFORMER_XL,
        ConvolutionNormKind.BATCH_NORM,
        false,
        ChunkConfig.none(),
        0,
        LongAudioConfig.unlimited(),
        new InputConfig(InputConfig.Kind.DEPTHWISE_CONVOLUTIONS, 1, List.of(), List.of(), scale),
        hub.flag("attention_bias", true),
        hub.flag("convolution_bias", true),
        0,
        0,
        false,
        0);
  }

  private static ConformerConfig wav2vec2(HubConfig hub) {
    requireSwish(hub);
    hub.requireAbsentOr("layer_norm_eps", 1e-5);
    hub.requireAbsentOr("feat_extract_norm", "layer");
    hub.requireAbsentOr("feat_extract_activation", "gelu");
    hub.requireAbsentOr("conv_bias", true);
    hub.requireAbsentOr("add_adapter", false);
    String position = hub.text("position_embeddings_type", "none");
    if (position.equals("rotary")) {
      hub.requireAbsentOr("rotary_embedding_base", 10_000);
    }
    return new ConformerConfig(
        1,
        hub.integers("conv_dim"),
        hub.integer("hidden_size"),
        hub.integer("num_hidden_layers"),
        hub.integer("num_attention_heads"),
        hub.integer("intermediate_size"),
        hub.integer("conv_depthwise_kernel_size"),
        switch (position) {
          case "relative" -> PositionKind.TRANSFORMER_XL;
          case "rotary" -> PositionKind.ROTARY_INPUT;
          case "none" -> PositionKind.NONE;
          default ->
              throw hub.wrong("position_embeddings_type", "relative, rotary or null", position);
        },
        ConvolutionNormKind.BATCH_NORM,
        false,
        ChunkConfig.none(),
        0,
        LongAudioConfig.unlimited(),
        new InputConfig(
            InputConfig.Kind.SAMPLES,
            1,
            hub.integers("conv_kernel"),
            hub.integers("conv_stride"),
            1),
        true,
        false,
        0,
        0,
        true,
        0);
  }

  private static void requireSwish(HubConfig hub) {
    String found = hub.text("hidden_act", "swish");
    if (!found.equals("swish") && !found.equals("silu")) {
      throw hub.wrong("hidden_act", "swish or silu", found);
    }
  }

  /**
   * Tensor names.
   *
   * @param stored names in the checkpoint; a model with a head has a prefix before the encoder's
   */
  NameTable names(ConformerConfig config, Set<String> stored) {
    String prefix =
        switch (this) {
          case W2V_BERT -> prefix(stored, "wav2vec2_bert.");
          case PARAKEET -> prefix(stored, "encoder.subsampling.").isEmpty() ? "" : "encoder.";
          case WAV2VEC2_CONFORMER -> prefix(stored, "wav2vec2_conformer.");
        };
    return this == PARAKEET
        ? parakeetNames(prefix, config.subsamplingChannels().getLast())
        : metaNames(prefix);
  }

  private static String prefix(Set<String> stored, String prefix) {
    return stored.stream().anyMatch(name -> name.startsWith(prefix)) ? prefix : "";
  }

  /** Tensors that only training or a task needs. */
  static boolean isNeedless(String name) {
    return name.matches(
        "(.*\\.)?(masked_spec_embed|num_batches_tracked|embed_positions\\.inv_freq|pos_conv_embed\\..*)"
            + "|(lm_head|ctc_head|project_hid|project_q|quantizer|decoder|joint|encoder_projector)\\..*");
  }

  private NameTable metaNames(String prefix) {
    String layer = prefix + "encoder.layers.#.";
    NameTable names =
        new NameTable()
            .row("subsampling.convolutions.#", prefix + "feature_extractor.conv_layers.#.conv")
            .row(
                "subsampling.convolutions.#.norm",
                prefix + "feature_extractor.conv_layers.#.layer_norm")
            .row("subsampling.norm", prefix + "feature_projection.layer_norm")
            .row("subsampling.output", prefix + "feature_projection.projection")
            .row("final_norm", prefix + "encoder.layer_norm")
            .row("layers.#.norm", layer + "final_layer_norm");
    for (int half = 1; half <= 2; half++) {
      String ours = "layers.#.feed_forward" + half;
      names.row(ours + ".norm", layer + "ffn" + half + "_layer_norm");
      names.row(ours + ".up", layer + "ffn" + half + ".intermediate_dense");
      names.row(ours + ".down", layer + "ffn" + half + ".output_dense");
    }
    attention(names, "layers.#.attention.", layer + "self_attn.");
    names
        .row("layers.#.attention.norm", layer + "self_attn_layer_norm")
        .row("layers.#.attention.position", layer + "self_attn.linear_pos")
        .row("layers.#.attention.content_bias", layer + "self_attn.pos_bias_u")
        .row("layers.#.attention.position_bias", layer + "self_attn.pos_bias_v")
        .row("layers.#.attention.distances", layer + "self_attn.distance_embedding");
    convolution(names, layer + "conv_module.")
        .row("layers.#.convolution.norm", layer + "conv_module.layer_norm")
        .row(
            "layers.#.convolution.inner_norm",
            layer + "conv_module." + (this == W2V_BERT ? "depthwise_layer_norm" : "batch_norm"));
    String adapter = prefix + "adapter.layers.#.";
    attention(names, "adapter.#.", adapter + "self_attn.");
    return names
        .row("adapter.#.residual_norm", adapter + "residual_layer_norm")
        .row("adapter.#.residual", adapter + "residual_conv")
        .row("adapter.#.attention_norm", adapter + "self_attn_layer_norm")
        .row("adapter.#.attention_input", adapter + "self_attn_conv")
        .row("adapter.#.norm", adapter + "ffn_layer_norm")
        .row("adapter.#.up", adapter + "ffn.intermediate_dense")
        .row("adapter.#.down", adapter + "ffn.output_dense");
  }

  private static void attention(NameTable names, String ours, String theirs) {
    names
        .row(ours + "query", theirs + "linear_q")
        .row(ours + "key", theirs + "linear_k")
        .row(ours + "value", theirs + "linear_v")
        .row(ours + "output", theirs + "linear_out");
  }

  private static NameTable convolution(NameTable names, String theirs) {
    return names
        .row("layers.#.convolution.expand", theirs + "pointwise_conv1", new Layout.Pointwise(1))
        .row("layers.#.convolution.depthwise", theirs + "depthwise_conv")
        .row("layers.#.convolution.output", theirs + "pointwise_conv2", new Layout.Pointwise(1));
  }

  private static NameTable parakeetNames(String prefix, int channels) {
    String input = prefix + "subsampling.";
    NameTable names =
        new NameTable()
            .row("subsampling.convolutions.0", input + "layers.0")
            .row("subsampling.output", input + "linear", new Layout.ChannelsOutside(channels));
    for (int i = 1; i < 4; i++) {
      names.row("subsampling.convolutions." + i, input + "layers." + (3 * i - 1));
      names.row("subsampling.pointwise." + i, input + "layers." + 3 * i, new Layout.Pointwise(2));
    }
    String layer = prefix + "layers.#.";
    for (int half = 1; half <= 2; half++) {
      String ours = "layers.#.feed_forward" + half;
      names.row(ours + ".norm", layer + "norm_feed_forward" + half);
      names.row(ours + ".up", layer + "feed_forward" + half + ".linear1");
      names.row(ours + ".down", layer + "feed_forward" + half + ".linear2");
    }
    return convolution(names, layer + "conv.")
        .row("layers.#.convolution.norm", layer + "norm_conv")
        .row("layers.#.convolution.inner_norm", layer + "conv.norm")
        .row("layers.#.norm", layer + "norm_out")
        .row("layers.#.attention.norm", layer + "norm_self_att")
        .row("layers.#.attention.query", layer + "self_attn.q_proj")
        .row("layers.#.attention.key", layer + "self_attn.k_proj")
        .row("layers.#.attention.value", layer + "self_attn.v_proj")
        .row("layers.#.attention.output", layer + "self_attn.o_proj")
        .row("layers.#.attention.position", layer + "self_attn.relative_k_proj")
        .row("layers.#.attention.content_bias", layer + "self_attn.bias_u")
        .row("layers.#.attention.position_bias", layer + "self_attn.bias_v");
  }
}
