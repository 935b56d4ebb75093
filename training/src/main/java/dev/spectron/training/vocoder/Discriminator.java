package dev.spectron.training.vocoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.Conv1dSpec;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.djl.DjlBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tells speech from what a vocoder made, at several rates, and in pieces of a signal rather than as
 * a whole: a high score is for speech. Source: Kumar et al. 2019, MelGAN, arXiv 1910.06711, section
 * 2.2, with plain weights in place of normalised ones.
 *
 * @param scales one for each rate, the highest first
 */
record Discriminator(List<Scale> scales) {
  private static final int DOWN_LAYERS = 4;
  private static final int DOWN_FACTOR = 4;
  private static final int GROUP_CHANNELS = 4;

  static Discriminator load(DiscriminatorConfig config, WeightScope weights) {
    return new Discriminator(
        IntStream.range(0, config.scales())
            .mapToObj(i -> Scale.load(config, weights.in("scales", i)))
            .toList());
  }

  /**
   * What one scale makes of a signal.
   *
   * @param features after each hidden layer, {@code [batch, time_i, channels_i]}
   * @param score {@code [batch, time, 1]}
   */
  record Verdict(List<NDArray> features, NDArray score) {}

  /**
   * The verdict of every scale.
   *
   * @param x {@code [batch, samples, 1]}
   */
  List<Verdict> forward(DjlBackend backend, Tensor x) {
    List<Verdict> verdicts = new ArrayList<>();
    Tensor input = x;
    for (Scale scale : scales) {
      verdicts.add(scale.forward(backend, input));
      input = halved(backend, input);
    }
    return verdicts;
  }

  /** Half the rate: the mean of four samples at every second one. */
  private static Tensor halved(DjlBackend backend, Tensor x) {
    long batch = x.shape().size(0);
    NDArray row = backend.array(x).reshape(batch, 1, x.shape().size(1));
    NDArray pooled = Pool.avgPool1d(row, new Shape(4), new Shape(2), new Shape(1), false, false);
    return backend.wrap(pooled.reshape(batch, pooled.getShape().get(2), 1));
  }

  /**
   * The discriminator of one rate.
   *
   * @param layers a wide one, four that go down by 4, and two at the lowest rate; a leaky ReLU
   *     follows each but the last
   */
  record Scale(List<Layer> layers) {
    static Scale load(DiscriminatorConfig config, WeightScope weights) {
      List<Layer> layers = new ArrayList<>();
      int in = config.channels();
      layers.add(Layer.load(weights.in("layers", 0), 1, in, Conv1dSpec.same(15, 1, 1)));
      for (int i = 0; i < DOWN_LAYERS; i++) {
        int out = Math.min(in * DOWN_FACTOR, config.maxChannels());
        int reach = 5 * DOWN_FACTOR;
        Conv1dSpec spec =
            new Conv1dSpec(2 * reach + 1, DOWN_FACTOR, 1, reach, reach, in / GROUP_CHANNELS);
        layers.add(Layer.load(weights.in("layers", layers.size()), in, out, spec));
        in = out;
      }
      layers.add(Layer.load(weights.in("layers", layers.size()), in, in, Conv1dSpec.same(5, 1, 1)));
      layers.add(Layer.load(weights.in("layers", layers.size()), in, 1, Conv1dSpec.same(3, 1, 1)));
      return new Scale(List.copyOf(layers));
    }

    Verdict forward(DjlBackend backend, Tensor x) {
      List<NDArray> features = new ArrayList<>();
      Tensor y = x;
      for (Layer layer : layers.subList(0, layers.size() - 1)) {
        y = backend.activate(layer.forward(backend, y), Activation.LEAKY_RELU);
        features.add(backend.array(y));
      }
      return new Verdict(features, backend.array(layers.getLast().forward(backend, y)));
    }
  }

  /**
   * A convolution with bias.
   *
   * @param weight {@code [out, in / groups, kernel]}
   * @param bias {@code [out]}
   * @param spec geometry
   */
  record Layer(Weight weight, Weight bias, Conv1dSpec spec) {
    static Layer load(WeightScope weights, int in, int out, Conv1dSpec spec) {
      int inOfGroup = in / spec.groups();
      return new Layer(
          weights.weight(
              "weight",
              dev.spectron.core.tensor.Shape.of(out, inOfGroup, spec.kernelSize()),
              Init.fanIn(inOfGroup * spec.kernelSize())),
          weights.weight("bias", dev.spectron.core.tensor.Shape.of(out), Init.zeros()),
          spec);
    }

    Tensor forward(DjlBackend backend, Tensor x) {
      return backend.conv1d(x, weight, bias, spec, Lengths.full(x));
    }
  }
}
