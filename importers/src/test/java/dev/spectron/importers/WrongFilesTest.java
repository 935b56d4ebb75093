package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.bundle.Safetensors;
import dev.spectron.core.bundle.SafetensorsWriter;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints with something wrong, and what comes back of those with nothing wrong. */
class WrongFilesTest {
  private static final ImportOptions OPTIONS =
      ImportOptions.named("part").withTokens(List.of()).licensed("Apache-2.0");

  @TempDir Path folder;

  @Test
  void aMissingTensorIsNamedWithItsShape() throws IOException {
    edit(
        "llama_smollm2",
        tensors -> tensors.removeIf(t -> t.name().endsWith("1.mlp.up_proj.weight")));
    assertRefused(
        "model.safetensors: model.layers.1.mlp.up_proj.weight: expected shape [56, 36], found no such tensor among 28; config.json and the weights do not fit each other");
  }

  @Test
  void anotherShapeIsNamedWithBoth() throws IOException {
    edit(
        "llama_smollm2",
        tensors ->
            tensors.replaceAll(
                t ->
                    t.name().equals("model.norm.weight")
                        ? new StoredTensor(t.name(), DType.F32, Shape.of(35), () -> new float[35])
                        : t));
    assertRefused(
        "model.safetensors: model.norm.weight: expected shape [36], found [35]; config.json and the weights do not fit each other");
  }

  @Test
  void aTensorWithoutAUseIsNamed() throws IOException {
    edit(
        "llama_smollm2",
        tensors ->
            tensors.add(
                new StoredTensor(
                    "model.layers.0.self_attn.q_proj.bias",
                    DType.F32,
                    Shape.of(36),
                    () -> new float[36])));
    assertRefused(
        "model.safetensors: expected every tensor to have a use, found 1 without: model.layers.0.self_attn.q_proj.bias, such as model.layers.0.self_attn.q_proj.bias of shape [36]; the weights are of another model than config.json says");
  }

  @Test
  void aTiedHeadThatDiffersIsRefusedAndOneThatDoesNotIsTaken() throws IOException {
    edit(
        "llama_smollm2",
        tensors ->
            tensors.add(
                new StoredTensor(
                    "lm_head.weight", DType.F32, Shape.of(96, 36), () -> new float[96 * 36])));
    assertRefused(
        "model.safetensors: lm_head.weight: expected the values of model.embed_tokens.weight, as tie_word_embeddings is true, found others; set it to false in config.json if the head is its own");
    edit(
        "llama_smollm2",
        tensors -> {
          StoredTensor embedding =
              tensors.stream().filter(t -> t.name().contains("embed")).findFirst().orElseThrow();
          tensors.add(
              new StoredTensor(
                  "lm_head.weight",
                  DType.F32,
                  embedding.packing(),
                  embedding.shape(),
                  embedding.parts()));
        });
    ImportReport report = LmImport.write(model(), folder.resolve("bundle"), OPTIONS);
    assertThat(report.needless()).containsExactly("lm_head.weight");
  }

  @Test
  void aPickledCheckpointIsRefusedWithTheWayToConvertIt() throws IOException {
    copy("llama_smollm2");
    Files.delete(model().resolve("model.safetensors"));
    Files.writeString(model().resolve("pytorch_model.bin"), "PK\u0003\u0004 and so on");
    String message =
        ": expected safetensors, found a pickled checkpoint: reading one runs whatever code its maker put in; convert it on a machine you can spare, in Python: AutoModel.from_pretrained(\"model\").save_pretrained(\"converted\", safe_serialization=True)";
    assertRefused("pytorch_model.bin" + message);
    Files.move(model().resolve("pytorch_model.bin"), model().resolve("model.safetensors"));
    assertRefused("model.safetensors" + message);
  }

  @Test
  void anIndexThatLeavesTheFolderOrLiesIsRefused() throws IOException {
    copy("llama_sharded_bf16");
    Path index = model().resolve("model.safetensors.index.json");
    String text = Files.readString(index);
    Files.writeString(index, text.replace("model-00002-of", "../model-00002-of"));
    assertThatThrownBy(this::load)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("expected the name of a safetensors file beside it, found ../model");
    Files.writeString(index, text.replace("\"model.norm.weight\"", "\"model.norm.bias\""));
    assertThatThrownBy(this::load)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("model.norm.bias: expected it in model-0000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_type; 'mamba'; model_type: expected a language model of [llama, qwen2, qwen3, olmo, olmo2, gemma3_text], found mamba",
        "hidden_act; 'relu'; hidden_act: expected silu, found relu",
        "rope_scaling; {'rope_type': 'yarn', 'factor': 4}; rope_scaling.rope_type: expected default, linear or llama3, found yarn",
        "hidden_size; '36'; hidden_size: expected a whole number, found 36",
        "num_attention_heads; 0; num_attention_heads: expected at least 1, found 0",
        "num_attention_heads; null; num_attention_heads: missing key; download the whole folder again",
        "quantization_config; {'bits': 4}; quantization_config: expected null, the only kind that can be imported, found {bits=4}"
      })
  void aConfigurationThatCannotBeImportedIsRefused(String row) throws IOException {
    String[] parts = row.split("; ", 3);
    copy("llama_smollm2");
    Path file = model().resolve("config.json");
    Map<String, Object> config = new LinkedHashMap<>(Json.read(file));
    String value = "{\"value\": " + parts[1].replace('\'', '"') + "}";
    config.put(parts[0], Json.parse("value", value).get("value"));
    Files.writeString(file, Json.line(config));
    assertRefused("config.json: " + parts[2]);
  }

  @Test
  void rowsForAddedTokensAreTheMeanOfTheOthers() throws IOException {
    copy("qwen2_tied");
    Files.copy(
        HubFixture.folder("tokenizer_qwen2").resolve("tokenizer.json"),
        model().resolve("tokenizer.json"));
    int size =
        TokenizerJson.read(model().resolve("tokenizer.json"), List.of()).orElseThrow().size();
    ImportReport report =
        LmImport.write(model(), folder.resolve("bundle"), ImportOptions.named("part"));
    assertThat(report.tokens()).containsEntry("<answer>", size + 2);
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"))) {
      float[] table =
          bundle.tensors("lm").get("embedding.weight", Shape.of(size + 3, 32)).toFloats();
      float[] row = HubFixture.rows(table, 32, size + 2, size + 3);
      assertThat(row).isEqualTo(HubFixture.rows(table, 32, size + 1, size + 2));
      double mean = 0;
      for (int i = 0; i < 96; i++) {
        mean += table[i * 32] / 96.0;
      }
      assertThat((double) row[0]).isCloseTo(mean, within(1e-7));
    }
  }

  static Stream<String> all() {
    return HubFixture.names(name -> !name.startsWith("tokenizer") && !name.contains("features"))
        .stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void exportGivesBackEveryTensorThatWasUsed(String name) {
    Path bundle = folder.resolve("bundle");
    boolean lm = name.matches("(llama|qwen|olmo|gemma).*");
    ImportReport report =
        lm
            ? LmImport.write(HubFixture.folder(name), bundle, OPTIONS)
            : EncoderImport.write(HubFixture.folder(name), bundle, OPTIONS);
    Path back = folder.resolve("back");
    try (ModelBundle opened = ModelBundle.open(bundle)) {
      HubExport.write(opened, lm ? "lm" : "conformer", back);
    }
    try (HubFolder original = HubFolder.open(HubFixture.folder(name));
        HubFolder exported = HubFolder.open(back)) {
      assertThat(exported.names()).hasSize(report.tensors());
      assertThat(exported.config().values()).isEqualTo(original.config().values());
      String prefix =
          exported.names().contains(original.names().iterator().next()) ? "" : prefix(name);
      for (String tensor : exported.names()) {
        assertThat(exported.shape(tensor)).isEqualTo(original.shape(prefix + tensor));
        assertThat(exported.dtype(tensor)).isEqualTo(original.dtype(prefix + tensor));
        long difference =
            exported.get(tensor).data().mismatch(original.get(prefix + tensor).data());
        assertThat(difference).as(tensor).isEqualTo(-1);
      }
    }
  }

  private static String prefix(String name) {
    return name.startsWith("w2v2")
        ? "wav2vec2_conformer."
        : name.startsWith("fast") ? "encoder." : name.contains("ctc") ? "wav2vec2_bert." : "";
  }

  /**
   * Random changes of files end as an import or an exception of ours, and leave no bundle behind.
   */
  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors"})
  void damagedFilesAreRefused(String file) throws IOException {
    copy("llama_smollm2");
    byte[] good = Files.readAllBytes(model().resolve(file));
    Random random = new Random(7);
    int headerEnd = Math.min(good.length, 3000);
    for (int run = 0; run < 300; run++) {
      byte[] bad = good.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        bad[random.nextInt(headerEnd)] = (byte) (32 + random.nextInt(96));
      }
      Files.write(model().resolve(file), bad);
      Path bundle = folder.resolve("bundle" + run);
      try {
        LmImport.write(model(), bundle, OPTIONS);
      } catch (BundleException e) {
        assertThat(e).hasMessageContaining(": ");
        assertThat(bundle).doesNotExist();
      }
    }
  }

  private Path model() {
    return folder.resolve("model");
  }

  private void load() {
    LmImport.write(model(), folder.resolve("refused"), OPTIONS);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::load).isInstanceOf(BundleException.class).hasMessage(message);
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  private void copy(String name) throws IOException {
    Files.createDirectories(model());
    try (Stream<Path> files = Files.list(HubFixture.folder(name))) {
      for (Path file : files.toList()) {
        Files.write(model().resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  private void edit(String name, Consumer<List<StoredTensor>> change) throws IOException {
    copy(name);
    try (Safetensors file =
        Safetensors.open(HubFixture.folder(name).resolve("model.safetensors"))) {
      List<StoredTensor> tensors = new ArrayList<>();
      file.names().forEach(tensor -> tensors.add(StoredTensor.of(file.get(tensor))));
      change.accept(tensors);
      SafetensorsWriter.write(model().resolve("model.safetensors"), Map.of(), tensors);
    }
  }
}
