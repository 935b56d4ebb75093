package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.Shape;
import dev.spectron.lm.LmConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * GGUF files, written here by the format's description, against the folder with the same weights.
 */
class GgufImportTest {
  private static final ImportOptions OPTIONS = ImportOptions.named("part").withTokens(List.of());

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"llama_smollm2", "llama32_rope_scaled", "qwen2_tied", "qwen3", "olmo2_gqa"})
  void aGgufFileAndAFolderGiveTheSameStage(String name) throws IOException {
    Path file = folder.resolve("model.gguf");
    Files.write(file, gguf(name));
    LmImport.write(HubFixture.folder(name), folder.resolve("expected"), OPTIONS);
    LmImport.write(file, folder.resolve("found"), OPTIONS);
    try (ModelBundle expected = ModelBundle.open(folder.resolve("expected"));
        ModelBundle found = ModelBundle.open(folder.resolve("found"))) {
      assertThat(found.tensors("lm").names()).isEqualTo(expected.tensors("lm").names());
      for (String tensor : expected.tensors("lm").names()) {
        assertThat(found.tensors("lm").get(tensor).toFloats())
            .as(tensor)
            .isEqualTo(expected.tensors("lm").get(tensor).toFloats());
      }
      assertThat(found.config("lm", LmConfig.class))
          .isEqualTo(expected.config("lm", LmConfig.class));
    }
  }

  @Test
  void quantisedNumbersAreScaleTimesInteger() {
    ByteBuffer block = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN);
    block.putShort(Float.floatToFloat16(0.5f));
    for (int i = 0; i < 32; i++) {
      block.put((byte) (i * 8 - 128));
    }
    float[] eight = GgufType.Q8_0.floats(segment(block.array()), 32);
    for (int i = 0; i < 32; i++) {
      assertThat(eight[i]).isEqualTo(0.5f * (i * 8 - 128));
    }
    block.position(2);
    for (int i = 0; i < 16; i++) {
      block.put((byte) (i | (15 - i) << 4));
    }
    float[] four = GgufType.Q4_0.floats(segment(block.array()), 32);
    for (int i = 0; i < 16; i++) {
      assertThat(four[i]).isEqualTo(0.5f * (i - 8));
      assertThat(four[i + 16]).isEqualTo(0.5f * (7 - i));
    }
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    byte[] good = gguf("qwen3");
    Random random = new Random(3);
    Path file = folder.resolve("model.gguf");
    for (int run = 0; run < 500; run++) {
      byte[] bad = good.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        bad[random.nextInt(2500)] = (byte) random.nextInt(256);
      }
      Files.write(file, run % 5 == 0 ? Arrays.copyOf(bad, random.nextInt(2500)) : bad);
      Path bundle = folder.resolve("bundle" + run);
      try {
        LmImport.write(file, bundle, OPTIONS);
      } catch (BundleException e) {
        assertThat(e).hasMessageContaining(": ");
        assertThat(bundle).doesNotExist();
      }
    }
  }

  @Test
  void hostileCountsAreRefusedAtOnce() throws IOException {
    Path file = folder.resolve("model.gguf");
    ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    head.put("GGUF".getBytes(StandardCharsets.UTF_8)).putInt(3).putLong(Long.MAX_VALUE).putLong(0);
    Files.write(file, head.array());
    assertThatThrownBy(() -> LmImport.write(file, folder.resolve("bundle"), OPTIONS))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "model.gguf: byte 8: expected tensor count of 0 to 100000, found 9223372036854775807");
    Files.writeString(file, "PK\u0003\u0004 something else");
    assertThatThrownBy(() -> LmImport.write(file, folder.resolve("bundle"), OPTIONS))
        .hasMessage(
            "model.gguf: byte 0: expected a GGUF file, which begins with GGUF, found 0x04034b50");
  }

  private static MemorySegment segment(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }

  /** A folder's weights as llama.cpp's converter lays them. */
  private static byte[] gguf(String name) throws IOException {
    try (HubFolder hub = HubFolder.open(HubFixture.folder(name))) {
      HubConfig config = hub.config();
      String arch = config.text("model_type");
      int heads = config.integer("num_attention_heads");
      int headDim = config.integer("head_dim", config.integer("hidden_size") / heads);
      Bytes head = new Bytes();
      Map<String, Object> keys = new LinkedHashMap<>();
      keys.put("general.architecture", arch);
      keys.put(arch + ".embedding_length", config.integer("hidden_size"));
      keys.put(arch + ".block_count", config.integer("num_hidden_layers"));
      keys.put(arch + ".attention.head_count", heads);
      keys.put(arch + ".attention.head_count_kv", config.integer("num_key_value_heads"));
      keys.put(arch + ".attention.key_length", headDim);
      keys.put(arch + ".feed_forward_length", config.integer("intermediate_size"));
      keys.put(arch + ".context_length", config.integer("max_position_embeddings"));
      keys.put(arch + ".rope.freq_base", (float) config.number("rope_theta"));
      keys.put(arch + ".attention.layer_norm_rms_epsilon", (float) config.number("rms_norm_eps"));
      Map<String, WeightData> tensors = new LinkedHashMap<>();
      for (String tensor : hub.names()) {
        WeightData data = hub.get(tensor);
        boolean turned = arch.equals("llama") && tensor.matches(".*[qk]_proj.*");
        tensors.put(
            theirs(tensor, arch), turned ? new Layout.PairsTogether(headDim).toTheirs(data) : data);
      }
      if (config.part("rope_scaling").isPresent()) {
        tensors.put("rope_freqs.weight", factors(config, headDim));
      }
      head.text("GGUF", false).int32(3).int64(tensors.size()).int64(keys.size() + 1);
      keys.forEach((key, value) -> head.entry(key, value));
      head.text("tokenizer.ggml.tokens", true).int32(9).int32(8).int64(2);
      head.text("a", true).text("b", true);
      Bytes values = new Bytes();
      tensors.forEach(
          (tensor, data) -> {
            head.text(tensor, true).int32(data.shape().rank());
            for (int axis = data.shape().rank() - 1; axis >= 0; axis--) {
              head.int64(data.shape().size(axis));
            }
            head.int32(GgufType.F32.code()).int64(values.out.size());
            for (float value : data.toFloats()) {
              values.int32(Float.floatToIntBits(value));
            }
            values.pad();
          });
      head.pad();
      head.out.writeBytes(values.out.toByteArray());
      return head.out.toByteArray();
    }
  }

  private static WeightData factors(HubConfig config, int headDim) {
    float[] factors = new float[headDim / 2];
    double old = 8192;
    for (int i = 0; i < factors.length; i++) {
      double wave = 2 * Math.PI * Math.pow(config.number("rope_theta"), 2.0 * i / headDim);
      double smooth = (old / wave - 1) / 3;
      factors[i] =
          wave < old / 4 ? 1 : wave > old ? 32 : (float) (1 / ((1 - smooth) / 32 + smooth));
    }
    return WeightData.of("rope_freqs.weight", Shape.of(factors.length), factors);
  }

  private static String theirs(String name, String arch) {
    return name.replace("model.embed_tokens", "token_embd")
        .replace("model.norm", "output_norm")
        .replace("lm_head", "output")
        .replace("model.layers.", "blk.")
        .replaceAll("self_attn\\.([qkv])_proj", "attn_$1")
        .replace("self_attn.o_proj", "attn_output")
        .replaceAll("self_attn\\.([qk])_norm", "attn_$1_norm")
        .replaceAll("mlp\\.(gate|up|down)_proj", "ffn_$1")
        .replace("input_layernorm", "attn_norm")
        .replace("post_feedforward_layernorm", "post_ffw_norm")
        .replace(
            "post_attention_layernorm", arch.equals("olmo2") ? "post_attention_norm" : "ffn_norm");
  }

  /** Bytes in the order of the format. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes int32(int value) {
      out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    Bytes int64(long value) {
      out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
      return this;
    }

    Bytes text(String text, boolean counted) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (counted) {
        int64(bytes.length);
      }
      out.writeBytes(bytes);
      return this;
    }

    void entry(String key, Object value) {
      text(key, true);
      switch (value) {
        case String text -> int32(8).text(text, true);
        case Float number -> int32(6).int32(Float.floatToIntBits(number));
        case Integer number -> int32(4).int32(number);
        default -> throw new IllegalArgumentException("gguf: no type for " + value);
      }
    }

    void pad() {
      while (out.size() % 32 != 0) {
        out.write(0);
      }
    }
  }
}
