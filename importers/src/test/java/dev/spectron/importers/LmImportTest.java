package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.lm.DecoderLm;
import dev.spectron.lm.LmConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Imported language models against transformers, layer by layer and decoding with a cache. */
class LmImportTest {
  private static final int DECODED = 12;

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return HubFixture.names(name -> name.matches("(llama|qwen|olmo|gemma3).*")).stream()
        .flatMap(name -> Stream.of("reference", "cpu").map(back -> Arguments.of(name, back)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void statesLogitsAndTextAreThoseOfTransformers(String name, String backEnd) {
    try (HubFixture fixture = HubFixture.open(name);
        Backend backend = Backends.open(backEnd)) {
      Path bundle = folder.resolve("bundle");
      LmImport.write(fixture.folder(), bundle, ImportOptions.named(name).withTokens(List.of()));
      try (ModelBundle opened = ModelBundle.open(bundle)) {
        DecoderLm lm =
            DecoderLm.load(
                opened.config("lm", LmConfig.class), WeightScope.of(backend, opened.weights("lm")));
        opened.requireAllRead();
        for (String sequence : List.of("seq0.", "seq1.")) {
          assertStates(fixture, sequence, backend, lm);
          assertDecoded(fixture, sequence, backend, lm);
        }
      }
    }
  }

  private static void assertStates(
      HubFixture fixture, String sequence, Backend backend, DecoderLm lm) {
    int[] ids = fixture.integers(sequence + "input_ids");
    try (Scope _ = backend.openScope()) {
      Tensor input = lm.embed(backend, Tokens.of(ids));
      AttentionMask causal = new AttentionMask.Causal();
      Lengths all = Lengths.full(input);
      Tensor x = input;
      fixture.assertClose(sequence + "hidden.0", backend.download(x));
      for (int i = 0; i < lm.blocks().size(); i++) {
        x = lm.blocks().get(i).forward(backend, x, causal, all, KvCache.Layer.none());
        fixture.assertClose(sequence + "hidden." + (i + 1), backend.download(x));
      }
      Tensor states = lm.forward(backend, input, causal, all, KvCache.none());
      fixture.assertClose(sequence + "last_hidden_state", backend.download(states));
      fixture.assertClose(sequence + "logits", backend.download(lm.logits(backend, states)));
    }
  }

  private static void assertDecoded(
      HubFixture fixture, String sequence, Backend backend, DecoderLm lm) {
    int[] ids = fixture.integers(sequence + "input_ids");
    int[] decoded = new int[DECODED];
    try (KvCache cache = lm.cache(backend, 1, ids.length + DECODED)) {
      int[] next = ids;
      for (int i = 0; i < DECODED; i++) {
        try (Scope _ = backend.openScope()) {
          Tensor x = lm.embed(backend, Tokens.of(next));
          Tensor states =
              lm.forward(backend, x, new AttentionMask.Causal(), Lengths.full(x), cache);
          float[] logits = backend.download(lm.logits(backend, states));
          int from = logits.length - lm.config().vocabulary();
          decoded[i] = largest(Arrays.copyOfRange(logits, from, logits.length));
          next = new int[] {decoded[i]};
        }
      }
    }
    assertThat(decoded).isEqualTo(fixture.integers(sequence + "greedy_ids"));
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
