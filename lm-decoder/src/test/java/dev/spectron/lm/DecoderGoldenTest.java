package dev.spectron.lm;

import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.bundle.Golden;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole decoder, vectors as prefix and tokens after it, against PyTorch in float64, which runs
 * each row alone. {@code mini} and {@code spectron} have the switches of the named configurations.
 */
class DecoderGoldenTest {
  private Golden golden;

  @ParameterizedTest
  @ValueSource(strings = {"mini", "spectron", "grouped", "non_parametric", "biased", "biased_gate"})
  void statesAndLogitsAreThoseOfPyTorch(String flavour) {
    golden = Golden.open("decoder_" + flavour);
    golden.assertMatches(this::decode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mini", "spectron", "grouped", "non_parametric", "biased", "biased_gate"})
  void everyWeightCounts(String flavour) {
    golden = Golden.open("decoder_" + flavour);
    golden.assertEveryWeightCounts(this::decode, _ -> false);
  }

  @AfterEach
  void close() {
    golden.close();
  }

  private Map<String, float[]> decode(Backend backend, WeightScope weights) {
    DecoderLm lm = DecoderLm.load(golden.config(LmConfig.class), weights);
    Tokens tokens =
        Tokens.ofRows(List.of(golden.integers("tokens.0"), golden.integers("tokens.1")));
    Lengths prefix = Lengths.of(golden.integers("prefix_lengths"));
    Tensor input =
        backend.concatTime(
            List.of(golden.upload(backend, "prefix"), lm.embed(backend, tokens)),
            List.of(prefix, tokens.lengths()));
    Lengths lengths = prefix.plus(tokens.lengths());
    AttentionMask mask = new AttentionMask.Prefix(prefix);
    Tensor states = lm.forward(backend, input, mask, lengths, KvCache.none());
    Map<String, float[]> outputs = new HashMap<>(Golden.rows(backend, "states", states, lengths));
    outputs.putAll(Golden.rows(backend, "logits", lm.logits(backend, states), lengths));
    return outputs;
  }
}
