package dev.spectron.vocoder.wavefit;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * F(y, c, t), the noise that WaveFit takes out of y in iteration t. The waveform goes down through
 * the down-blocks, the log-mel goes up through the up-blocks, and where both have the same rate a
 * {@link Film} modulates the latter by the former. Source: Chen et al. 2020, arXiv 2009.00713, base
 * model.
 *
 * @param wave convolution over the waveform, 1 to {@code waveChannels}
 * @param downBlocks from samples to frames
 * @param films one more than down-blocks, from samples to frames
 * @param mel convolution over the log-mel, {@code n_mels} to {@code melChannels}
 * @param upBlocks from frames to samples; as many as films
 * @param output to 1 channel, not bounded; starts near 0, so that training begins with the shaped
 *     noise, which has the right spectral envelope already
 */
public record Generator(
    Convolution wave,
    List<DownBlock> downBlocks,
    List<Film> films,
    Convolution mel,
    List<UpBlock> upBlocks,
    Convolution output) {
  private static final List<Integer> NARROW = List.of(1, 2, 1, 2);
  private static final List<Integer> WIDE = List.of(1, 2, 4, 8);

  /**
   * Reads {@code wave.*}, {@code down_blocks.0.*} onwards, {@code films.0.*} onwards, {@code
   * mel.*}, {@code up_blocks.0.*} onwards and {@code output.*}.
   */
  public static Generator load(WaveFitConfig config, WeightScope weights) {
    return new Generator(
        Convolution.load(weights.in("wave"), 1, config.waveChannels(), 5, 1),
        downBlocks(config, weights),
        films(config, weights),
        Convolution.load(weights.in("mel"), config.features().nMels(), config.melChannels(), 3, 1),
        upBlocks(config, weights),
        Convolution.loadQuiet(weights.in("output"), config.upChannels().getLast(), 1, 3));
  }

  private static List<DownBlock> downBlocks(WaveFitConfig config, WeightScope weights) {
    List<DownBlock> blocks = new ArrayList<>();
    int in = config.waveChannels();
    for (int i = 0; i < config.downChannels().size(); i++) {
      int out = config.downChannels().get(i);
      int factor = config.downFactors().get(i);
      blocks.add(DownBlock.load(weights.in("down_blocks", i), in, out, factor));
      in = out;
    }
    return List.copyOf(blocks);
  }

  private static List<Film> films(WaveFitConfig config, WeightScope weights) {
    List<Integer> outs = config.upChannels().reversed();
    List<Film> films = new ArrayList<>();
    int in = config.waveChannels();
    for (int i = 0; i < outs.size(); i++) {
      films.add(Film.load(weights.in("films", i), in, outs.get(i), config.iterations()));
      in = i < config.downChannels().size() ? config.downChannels().get(i) : in;
    }
    return List.copyOf(films);
  }

  private static List<UpBlock> upBlocks(WaveFitConfig config, WeightScope weights) {
    List<UpBlock> blocks = new ArrayList<>();
    int in = config.melChannels();
    int narrow = config.upFactors().size() - config.wideBlocks();
    for (int i = 0; i < config.upFactors().size(); i++) {
      int out = config.upChannels().get(i);
      int factor = config.upFactors().get(i);
      List<Integer> dilations = i < narrow ? NARROW : WIDE;
      blocks.add(UpBlock.load(weights.in("up_blocks", i), in, out, factor, dilations));
      in = out;
    }
    return List.copyOf(blocks);
  }

  /**
   * The noise in a waveform.
   *
   * @param y {@code [batch, time · hopLength, 1]}, every row in its full length
   * @param logMel {@code [batch, time, n_mels]}, normalised
   * @param iteration counted from 0
   * @return the shape of {@code y}, in the current scope
   */
  public Tensor forward(Backend backend, Tensor y, Tensor logMel, int iteration) {
    try (Scope scope = backend.openScope()) {
      List<Film.Modulation> modulations = modulations(backend, y, iteration);
      Tensor x = mel.forward(backend, logMel);
      for (UpBlock block : upBlocks) {
        try (Scope inner = backend.openScope()) {
          x = inner.keep(block.forward(backend, x, modulations.removeLast()));
        }
      }
      return scope.keep(output.forward(backend, x));
    }
  }

  /** One for each up-block, from samples to frames. */
  private List<Film.Modulation> modulations(Backend backend, Tensor y, int iteration) {
    List<Film.Modulation> modulations = new ArrayList<>();
    Tensor x = wave.forward(backend, y);
    modulations.add(films.getFirst().forward(backend, x, iteration));
    for (int i = 0; i < downBlocks.size(); i++) {
      try (Scope scope = backend.openScope()) {
        x = scope.keep(downBlocks.get(i).forward(backend, x));
      }
      modulations.add(films.get(i + 1).forward(backend, x, iteration));
    }
    return modulations;
  }

  /** The frames, of waveform and log-mel, that frame 0 of the noise is made from. */
  Span reach(int hopLength) {
    List<Span> modulated = new ArrayList<>();
    Span span = output.reach(new Span(0, hopLength - 1));
    for (UpBlock block : upBlocks.reversed()) {
      modulated.add(block.modulationReach(span));
      span = block.reach(span);
    }
    return mel.reach(span).with(waveReach(modulated).at(hopLength));
  }

  /** From what the films are asked for, from samples to frames, to samples. */
  private Span waveReach(List<Span> modulated) {
    Span span = films.getLast().reach(modulated.getLast());
    for (int i = downBlocks.size() - 1; i >= 0; i--) {
      span = downBlocks.get(i).reach(span).with(films.get(i).reach(modulated.get(i)));
    }
    return wave.reach(span);
  }
}
