package dev.spectron.vocoder.wavefit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private final Backend backend = Toy.backend();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 16})
  void everyFrameBecomesAHopOfSamples(int time) {
    Generator generator = Generator.load(Toy.config(), Toy.weights(backend, 1));
    try (Scope _ = backend.openScope()) {
      Tensor noise =
          generator.forward(
              backend,
              Toy.normal(backend, 2, 2, 12 * time, 1),
              Toy.normal(backend, 3, 2, time, 10),
              0);
      assertThat(noise.shape()).isEqualTo(Shape.of(2, 12 * time, 1));
      for (float value : backend.download(noise)) {
        assertThat(value).isFinite();
      }
    }
  }

  @Test
  void theRowsOfABatchDoNotTouch() {
    Generator generator = Generator.load(Toy.config(), Toy.weights(backend, 4));
    try (Scope _ = backend.openScope()) {
      float[] y = Toy.normal(5, 2 * 60);
      float[] mel = Toy.normal(6, 2 * 50);
      float[] both = run(generator, y, mel, 2, 1);
      float[] second =
          run(generator, Arrays.copyOfRange(y, 60, 120), Arrays.copyOfRange(mel, 50, 100), 1, 1);
      assertThat(Arrays.copyOfRange(both, 60, 120)).isEqualTo(second);
    }
  }

  @Test
  void waveformLogMelAndIterationAllCount() {
    Generator generator = Generator.load(Toy.config(), Toy.weights(backend, 7));
    try (Scope _ = backend.openScope()) {
      float[] y = Toy.normal(8, 60);
      float[] mel = Toy.normal(9, 50);
      float[] first = run(generator, y, mel, 1, 0);
      assertThat(run(generator, Toy.normal(10, 60), mel, 1, 0)).isNotEqualTo(first);
      assertThat(run(generator, y, Toy.normal(11, 50), 1, 0)).isNotEqualTo(first);
      assertThat(run(generator, y, mel, 1, 1)).isNotEqualTo(first);
    }
  }

  @Test
  void upBlockIsItsFormulaWithTheResidualAfterTheRepetition() {
    UpBlock block = UpBlock.load(Toy.weights(backend, 12), 6, 5, 3, List.of(1, 2, 4, 8));
    try (Scope _ = backend.openScope()) {
      Tensor x = Toy.normal(backend, 13, 2, 7, 6);
      Tensor shift = Toy.normal(backend, 14, 2, 21, 5);
      Tensor scale = Toy.normal(backend, 15, 2, 21, 5);
      Tensor residual = block.residual().forward(backend, backend.upsampleTime(x, 3));
      Tensor a = backend.upsampleTime(leaky(x), 3);
      a = block.convolutions().get(0).forward(backend, a);
      a = leaky(backend.add(shift, backend.multiply(scale, a)));
      Tensor middle = backend.add(residual, block.convolutions().get(1).forward(backend, a));
      Tensor b = leaky(backend.add(shift, backend.multiply(scale, middle)));
      b = block.convolutions().get(2).forward(backend, b);
      b = leaky(backend.add(shift, backend.multiply(scale, b)));
      Tensor expected = backend.add(middle, block.convolutions().get(3).forward(backend, b));
      isClose(block.forward(backend, x, new Film.Modulation(shift, scale)), expected);
    }
  }

  @Test
  void downBlockIsItsFormula() {
    DownBlock block = DownBlock.load(Toy.weights(backend, 16), 4, 6, 5);
    assertThat(block.down().spec().kernelSize()).isEqualTo(5);
    try (Scope _ = backend.openScope()) {
      Tensor x = Toy.normal(backend, 17, 2, 35, 4);
      Tensor y = block.down().forward(backend, x);
      for (int i = 0; i < 3; i++) {
        assertThat(block.convolutions().get(i).spec().dilation()).isEqualTo(1 << i);
        y = block.convolutions().get(i).forward(backend, leaky(y));
      }
      Tensor residual = block.residualDown().forward(backend, block.residual().forward(backend, x));
      assertThat(residual.shape()).isEqualTo(Shape.of(2, 7, 6));
      isClose(block.forward(backend, x), backend.add(residual, y));
    }
  }

  @Test
  void filmShiftsAndScalesByTheEncodedWaveform() {
    Film film = Film.load(Toy.weights(backend, 18), 4, 5, 3);
    try (Scope _ = backend.openScope()) {
      Tensor x = Toy.normal(backend, 19, 2, 9, 4);
      float[] h = backend.download(leaky(film.input().forward(backend, x)));
      float[] encoding = new StepEncoding(3, 4).at(2);
      for (int i = 0; i < h.length; i++) {
        h[i] += encoding[i % 4];
      }
      Tensor encoded = backend.upload(h, Shape.of(2, 9, 4));
      Film.Modulation found = film.forward(backend, x, 2);
      isClose(found.shift(), film.shift().forward(backend, encoded));
      isClose(found.scale(), film.scale().forward(backend, encoded));
    }
  }

  @Test
  void stepEncodingRunsFromZeroToFiveThousand() {
    StepEncoding steps = new StepEncoding(5, 4);
    assertThat(steps.at(0)).containsExactly(0, 0, 1, 1);
    assertThat(steps.at(1))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(
            (float) Math.sin(1250),
            (float) Math.sin(12.5),
            (float) Math.cos(1250),
            (float) Math.cos(12.5));
    assertThat(steps.at(4)[1]).isCloseTo((float) Math.sin(50), within(1e-6f));
    assertThat(new StepEncoding(1, 2).at(0)).containsExactly(0, 1);
  }

  private float[] run(Generator generator, float[] y, float[] mel, int batch, int iteration) {
    return backend.download(
        generator.forward(
            backend,
            backend.upload(y, Shape.of(batch, 60, 1)),
            backend.upload(mel, Shape.of(batch, 5, 10)),
            iteration));
  }

  private Tensor leaky(Tensor x) {
    return backend.activate(x, Activation.LEAKY_RELU);
  }

  private void isClose(Tensor found, Tensor expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    assertThat(backend.download(found))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(backend.download(expected));
  }
}
