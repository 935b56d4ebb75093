package dev.spectron.conformer;

import dev.spectron.conformer.ConformerConfig.PositionKind;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.bundle.Golden;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole encoder against PyTorch in float64, which encodes each row alone. {@code mini} and
 * {@code spectron} have the switches of the named configurations.
 */
class ConformerGoldenTest {
  private Golden golden;

  @ParameterizedTest
  @ValueSource(strings = {"mini", "spectron", "chunked", "batch_norm"})
  void encoderStatesAreThoseOfPyTorch(String flavour) {
    golden = Golden.open("conformer_" + flavour);
    golden.assertMatches(this::encode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mini", "spectron", "chunked", "batch_norm"})
  void everyWeightCounts(String flavour) {
    golden = Golden.open("conformer_" + flavour);
    boolean turned = golden.config(ConformerConfig.class).position() == PositionKind.ROTARY;
    // Unless keys are turned, their bias adds the same to all scores of a query.
    golden.assertEveryWeightCounts(
        this::encode, path -> !turned && path.endsWith("attention.key.bias"));
  }

  @AfterEach
  void close() {
    golden.close();
  }

  private Map<String, float[]> encode(Backend backend, WeightScope weights) {
    ConformerEncoder encoder = ConformerEncoder.load(golden.config(ConformerConfig.class), weights);
    EncoderStates states =
        encoder.encode(
            backend, golden.upload(backend, "log_mel"), Lengths.of(golden.integers("lengths")));
    return Golden.rows(backend, "states", states.states(), states.lengths());
  }
}
