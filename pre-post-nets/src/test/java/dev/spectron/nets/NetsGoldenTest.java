package dev.spectron.nets;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.bundle.Golden;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projection, pre-net, post-net and stop head against PyTorch in float64. */
class NetsGoldenTest {
  private Golden golden;

  @ParameterizedTest
  @ValueSource(strings = {"mini", "spectron"})
  void outputsAreThoseOfPyTorch(String flavour) {
    golden = Golden.open("nets_" + flavour);
    golden.assertMatches(this::run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mini", "spectron"})
  void everyWeightCounts(String flavour) {
    golden = Golden.open("nets_" + flavour);
    golden.assertEveryWeightCounts(this::run, _ -> false);
  }

  @AfterEach
  void close() {
    golden.close();
  }

  private Map<String, float[]> run(Backend backend, WeightScope weights) {
    NetsConfig config = golden.config(NetsConfig.class);
    Tensor states = golden.upload(backend, "states");
    Tensor frames = golden.upload(backend, "frames");
    Tensor decoded = golden.upload(backend, "decoded");
    Map<String, float[]> outputs = new HashMap<>();
    outputs.put(
        "prefix",
        backend.download(SpeechProjection.load(config, weights).forward(backend, states)));
    outputs.put(
        "inputs",
        backend.download(
            PreNet.load(config, weights)
                .forward(backend, frames, new Replay(golden.floats("uniform")))));
    outputs.put(
        "frames", backend.download(PostNet.load(config, weights).forward(backend, decoded)));
    if (config.stopHead()) {
      outputs.put(
          "stop", backend.download(StopHead.load(config, weights).forward(backend, decoded)));
    }
    return outputs;
  }

  /** The uniform numbers that the fixture's dropout was drawn with. */
  private static final class Replay implements RandomGenerator {
    private final float[] values;
    private int next;

    Replay(float[] values) {
      this.values = values;
    }

    @Override
    public float nextFloat() {
      return values[next++];
    }

    @Override
    public long nextLong() {
      throw new UnsupportedOperationException("the fixture holds floats only");
    }
  }
}
