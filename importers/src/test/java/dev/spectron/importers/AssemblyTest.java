package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.lm.SamplingOptions;
import dev.spectron.spokenlm.Answer;
import dev.spectron.spokenlm.AnswerOptions;
import dev.spectron.spokenlm.Assembly;
import dev.spectron.spokenlm.SpokenLmBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imported parts joined to a model that answers, though with noise. */
class AssemblyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "w2v_bert, llama_smollm2, tokenizer_smollm2",
    "fastconformer_parakeet_nobias, gemma3_text, tokenizer_gemma",
    "w2v2_conformer_rotary, qwen3, tokenizer_qwen2"
  })
  void anAssembledModelAnswers(String encoder, String lm, String tokenizer) throws IOException {
    Path bundle = assembled(encoder, lm, tokenizer);
    try (SpokenLmBundle model = SpokenLmBundle.open(bundle);
        Backend backend = Backends.open("cpu")) {
      Waveform question = new Waveform(new float[16_000], 16_000);
      question.samples()[8000] = 0.5f;
      AnswerOptions options = new AnswerOptions(SamplingOptions.greedy(), 1, 20);
      Answer answer = model.load(backend).answer(backend, question, options);
      assertThat(answer.speech().samples()).isNotEmpty();
      assertThat(answer.text() + answer.transcript()).doesNotEndWith("\uFFFD");
    }
  }

  @Test
  void theCardNamesThePartsAndTheirLicences() throws IOException {
    try (ModelBundle model = ModelBundle.open(assembled("w2v_bert", "qwen3", "tokenizer_qwen2"))) {
      Map<?, ?> parts = (Map<?, ?>) model.card().get("parts");
      assertThat(((Map<?, ?>) parts.get("conformer")).get("licence")).isEqualTo("MIT");
      assertThat(((Map<?, ?>) parts.get("lm")).get("licence")).isEqualTo("Apache-2.0");
      assertThat(((Map<?, ?>) parts.get("conformer")).get("left_out"))
          .isEqualTo(List.of("masked_spec_embed"));
    }
  }

  @Test
  void aPartWithoutSpectronsTokensIsRefused() throws IOException {
    Path hearing = folder.resolve("hearing");
    Path writing = folder.resolve("writing");
    EncoderImport.write(HubFixture.folder("w2v_bert"), hearing, ImportOptions.named("hearing"));
    LmImport.write(
        lm("llama_smollm2", "tokenizer_smollm2"),
        writing,
        ImportOptions.named("writing").withTokens(List.of("<other>")));
    assertThatThrownBy(
            () ->
                Assembly.write(
                    hearing, writing, "spectron-350m", 0, folder.resolve("model"), "model"))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "tokenizer.json: expected the special token <sos>, found none; add it to added_tokens");
    assertThat(folder.resolve("model")).doesNotExist();
  }

  private Path assembled(String encoder, String lm, String tokenizer) throws IOException {
    Path hearing = folder.resolve("hearing");
    Path writing = folder.resolve("writing");
    Path model = folder.resolve("model");
    EncoderImport.write(
        HubFixture.folder(encoder), hearing, ImportOptions.named(encoder).licensed("MIT"));
    LmImport.write(lm(lm, tokenizer), writing, ImportOptions.named(lm).licensed("Apache-2.0"));
    Assembly.write(hearing, writing, "spectron-350m", 0, model, "assembled");
    return model;
  }

  private Path lm(String lm, String tokenizer) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("lm"));
    try (Stream<Path> files = Files.list(HubFixture.folder(lm))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.copy(
        HubFixture.folder(tokenizer).resolve("tokenizer.json"), copy.resolve("tokenizer.json"));
    return copy;
  }
}
