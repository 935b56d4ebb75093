package dev.spectron.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {
  @TempDir private Path folder;
  private Path bundle;

  record LmConfig(int dModel, float dropout) {}

  @BeforeEach
  void writeBundle() {
    bundle = folder.resolve("my-model");
    try (BundleWriter writer = new BundleWriter(bundle, "mini")) {
      writer.config("lm", new LmConfig(2, 0.25f));
      writer.config("input_features", FeatureSpec.spectron());
      writer.card(Map.of("voices", List.of("rms")));
      writer.tokenizer("{\"version\": \"1.0\"}");
      writer.weights(
          "lm",
          Map.of("step", "7"),
          List.of(
              new StoredTensor(
                  "a.weight", DType.F32, Shape.of(2, 2), () -> new float[] {1, 2, 3, 4}),
              new StoredTensor("b", DType.BF16, Shape.of(1), () -> new float[] {5})));
      writer.commit();
    }
  }

  @Test
  void theHashIsOfEveryFileAndNotOfItsPlace() throws IOException {
    String hash;
    try (ModelBundle model = ModelBundle.open(bundle)) {
      hash = model.contentHash();
    }
    assertThat(hash).matches("[0-9a-f]{12}");
    Path moved = Files.move(bundle, folder.resolve("moved"));
    for (String file : List.of("config.json", "tokenizer.json", "lm.safetensors")) {
      try (ModelBundle model = ModelBundle.open(moved)) {
        assertThat(model.contentHash()).isEqualTo(hash);
      }
      byte[] before = Files.readAllBytes(moved.resolve(file));
      byte[] changed = before.clone();
      int last = new String(before, StandardCharsets.ISO_8859_1).lastIndexOf("1");
      changed[last] = '2';
      Files.write(moved.resolve(file), changed);
      try (ModelBundle model = ModelBundle.open(moved)) {
        assertThat(model.contentHash()).as(file).isNotEqualTo(hash);
      }
      Files.write(moved.resolve(file), before);
    }
  }

  /** The first bytes of SHA-256 of "abc". Source: FIPS 180-2, appendix B.1. */
  @Test
  void theHashIsTheStandards() throws IOException {
    Path a = Files.writeString(folder.resolve("a"), "a");
    Path bc = Files.writeString(folder.resolve("bc"), "bc");
    ContentHash hash = new ContentHash();
    hash.add(a);
    hash.add(bc);
    assertThat(hash.shortHex()).isEqualTo("ba7816bf8f01");
    assertThatThrownBy(() -> new ContentHash().add(folder.resolve("none")))
        .isInstanceOf(BundleException.class)
        .hasMessage(folder.resolve("none") + ": no such file; check the path");
  }

  @Test
  void whatWasWrittenIsRead() {
    try (ModelBundle model = ModelBundle.open(bundle)) {
      check(model);
    }
    assertThat(folder.toFile().list()).containsExactly("my-model");
    assertThat(bundle.toFile().list())
        .containsExactlyInAnyOrder("config.json", "tokenizer.json", "lm.safetensors");
  }

  @Test
  void aBundleInAJarIsRead() throws IOException {
    Path jar = folder.resolve("model.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String file : bundle.toFile().list()) {
        out.putNextEntry(new JarEntry("dev/model/" + file));
        out.write(Files.readAllBytes(bundle.resolve(file)));
      }
    }
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        ModelBundle model = ModelBundle.openResources(loader, "dev/model")) {
      check(model);
    }
  }

  private static void check(ModelBundle model) {
    assertThat(model.name()).isEqualTo("mini");
    assertThat(model.config("lm", LmConfig.class)).isEqualTo(new LmConfig(2, 0.25f));
    assertThat(model.config("input_features", FeatureSpec.class)).isEqualTo(FeatureSpec.spectron());
    assertThat(model.card()).isEqualTo(Map.of("voices", List.of("rms")));
    assertThat(model.tokenizer()).isEqualTo("{\"version\": \"1.0\"}");
    assertThat(model.hasWeights("lm")).isTrue();
    assertThat(model.hasWeights("vocoder")).isFalse();
    assertThat(model.metadata("lm")).isEqualTo(Map.of("step", "7"));
    WeightSource weights = model.weights("lm");
    assertThat(weights.read("a.weight", Shape.of(2, 2), Init.zeros()).toFloats())
        .containsExactly(1, 2, 3, 4);
    assertThatThrownBy(model::requireAllRead)
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "lm.safetensors: expected the model to use every tensor, found 1 unused: b;"
                + " config.json and lm.safetensors do not fit each other");
    assertThat(weights.read("b", Shape.of(1), Init.zeros()).toFloats()).containsExactly(5);
    model.requireAllRead();
  }

  @Test
  void aMissingTensorAndAnotherShapeAreNamed() {
    try (ModelBundle model = ModelBundle.open(bundle)) {
      WeightSource weights = model.weights("lm");
      assertThatThrownBy(() -> weights.read("c", Shape.of(1), Init.zeros()))
          .isInstanceOf(BundleException.class)
          .hasMessage(
              "lm.safetensors: c: no such tensor among 2;"
                  + " config.json and lm.safetensors do not fit each other");
      assertThatThrownBy(() -> weights.read("b", Shape.of(2), Init.zeros()))
          .isInstanceOf(BundleException.class)
          .hasMessage(
              "lm.safetensors: b: expected shape [2], found [1];"
                  + " config.json and lm.safetensors do not fit each other");
    }
  }

  @Test
  void aMissingFolderAFileAndAFolderWithoutConfigAreRefused() throws IOException {
    Path missing = folder.resolve("missing");
    refused(
        missing,
        missing + ": expected the folder of a model bundle, found nothing; check the path");
    Path file = bundle.resolve("config.json");
    refused(file, file + ": expected the folder of a model bundle, found a file; check the path");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    refused(
        empty, empty + ": expected a model bundle with a config.json, found none; check the path");
  }

  @Test
  void aMissingResourceSaysWhatToDo() {
    assertThatThrownBy(
            () -> ModelBundle.openResources(ModelBundleTest.class.getClassLoader(), "no/model"))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "no/model/config.json: no such resource; put the model's jar on the class path");
  }

  @Test
  void anUnknownKeyIsRefused() throws IOException {
    rewrite("\"name\"", "\"nets2\": {}, \"name\"");
    refused(
        bundle,
        "config.json: nets2: unknown key; expected format, name, input_features, output_features,"
            + " conformer, nets, lm, decoding, vocoder, speaker, card");
  }

  @Test
  void anUnknownKeyInASectionIsRefused() throws IOException {
    rewrite("\"d_model\"", "\"n_layers\": 3, \"d_model\"");
    try (ModelBundle model = ModelBundle.open(bundle)) {
      assertThatThrownBy(() -> model.config("lm", LmConfig.class))
          .isInstanceOf(BundleException.class)
          .hasMessage("config.json: lm.n_layers: unknown key; expected one of d_model, dropout");
    }
  }

  @Test
  void aSectionOutOfRangeIsNamed() throws IOException {
    rewrite("\"n_fft\" : 2048", "\"n_fft\" : 2000");
    try (ModelBundle model = ModelBundle.open(bundle)) {
      assertThatThrownBy(() -> model.config("input_features", FeatureSpec.class))
          .isInstanceOf(BundleException.class)
          .hasMessage(
              "config.json: input_features: features: n_fft: expected a power of two up to 65536,"
                  + " found 2000");
    }
  }

  @Test
  void aMissingSectionIsNamed() {
    try (ModelBundle model = ModelBundle.open(bundle)) {
      assertThatThrownBy(() -> model.config("nets", LmConfig.class))
          .isInstanceOf(BundleException.class)
          .hasMessageStartingWith("config.json: nets: missing key; found format, name, ");
    }
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    rewrite("\"format\" : 1", "\"format\" : 2");
    refused(
        bundle,
        "config.json: format: expected 1, found 2; use the version of Spectron that wrote it");
  }

  @Test
  void aConfigurationOfMoreThanAMegabyteIsRefused() throws IOException {
    rewrite("\"format\"", " ".repeat(1 << 20) + "\"format\"");
    refused(bundle, "config.json: expected at most 1048576 bytes, found more");
  }

  @Test
  void missingWeightsAndTokenizerAreNamed() throws IOException {
    Files.delete(bundle.resolve("tokenizer.json"));
    Files.delete(bundle.resolve("lm.safetensors"));
    try (ModelBundle model = ModelBundle.open(bundle)) {
      assertThatThrownBy(model::tokenizer)
          .isInstanceOf(BundleException.class)
          .hasMessage(bundle.resolve("tokenizer.json") + ": no such file; check the path");
      assertThatThrownBy(() -> model.weights("lm"))
          .isInstanceOf(BundleException.class)
          .hasMessage(bundle.resolve("lm.safetensors") + ": no such file; check the path");
    }
  }

  @Test
  void aBundleThatIsNotCommittedLeavesNothing() {
    Path other = folder.resolve("other");
    try (BundleWriter writer = new BundleWriter(other, "mini")) {
      writer.tokenizer("{}");
      writer.config("lm", new LmConfig(1, Float.NaN));
      assertThatThrownBy(writer::commit)
          .isInstanceOf(BundleException.class)
          .hasMessage("json: lm.dropout: expected a finite number, found NaN");
    }
    assertThat(folder.toFile().list()).containsExactly("my-model");
  }

  @Test
  void aBundleIsNeverWrittenOverAnother() {
    assertThatThrownBy(() -> new BundleWriter(bundle, "mini"))
        .isInstanceOf(BundleException.class)
        .hasMessage(bundle + ": expected nothing there yet; remove it or choose another folder");
  }

  @Test
  void anUnknownSectionIsNotWritten() {
    try (BundleWriter writer = new BundleWriter(folder.resolve("other"), "mini")) {
      assertThatThrownBy(() -> writer.config("lmm", new LmConfig(1, 0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "lmm: expected one of input_features, output_features, conformer, nets, lm,"
                  + " decoding, vocoder, speaker");
    }
  }

  private void rewrite(String old, String replacement) throws IOException {
    Path config = bundle.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(old);
    Files.writeString(config, text.replace(old, replacement));
  }

  private static void refused(Path path, String message) {
    assertThatThrownBy(() -> ModelBundle.open(path))
        .isInstanceOf(BundleException.class)
        .hasMessage(message);
  }
}
