package dev.spectron.spokenlm.bench;

import dev.spectron.conformer.EncoderStates;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.error.Cancellation;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import dev.spectron.spokenlm.SpokenLanguageModel;
import dev.spectron.spokenlm.SpokenLmConfig;
import dev.spectron.vocoder.SpeechLane;
import dev.spectron.vocoder.Vocoder;
import dev.spectron.vocoder.VocoderConfig;
import dev.spectron.vocoder.Vocoders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Runs the stages of an answer one after the other, each for itself on noise: what comes out does
 * not matter, and no stop rule ends it early.
 */
public final class StageBenchmark {
  private static final int TOKEN = 1;

  private final Backend backend;
  private final SpokenLanguageModel model;
  private final Vocoder vocoder;
  private final Map<String, Long> bytes = new LinkedHashMap<>();
  private final Map<String, Long> elements = new LinkedHashMap<>();

  /** Loads a model. */
  public StageBenchmark(
      Backend backend, SpokenLmConfig config, VocoderConfig vocoder, WeightSource weights) {
    this.backend = backend;
    WeightScope scope =
        WeightScope.of(
            backend,
            (path, shape, init) -> {
              var data = weights.read(path, shape, init);
              bytes.put(path, data.data().byteSize());
              elements.put(path, shape.rank() > 1 ? shape.elements() : 0);
              return data;
            });
    this.model = SpokenLanguageModel.load(config, scope);
    this.vocoder = Vocoders.load(vocoder, config.outputFeatures(), scope.in("vocoder"));
  }

  /** Bytes of all weights. */
  public long weightBytes() {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Measures.
   *
   * @param warmUp run once before, not measured
   * @param progress told before every round, the first being 0, that of the warm-up
   */
  public List<Stage> run(Workload warmUp, Workload workload, IntConsumer progress) {
    progress.accept(0);
    new Round(warmUp).run();
    List<Round> rounds = new ArrayList<>();
    for (int i = 1; i <= workload.rounds(); i++) {
      progress.accept(i);
      Round round = new Round(workload);
      round.run();
      rounds.add(round);
    }
    return stages(workload, rounds);
  }

  /**
   * Frames and their sound made side by side.
   *
   * @param seconds until the last sample, of each round
   * @param firstSound seconds until the first sample, of each round
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Speech(double[] seconds, double[] firstSound) {}

  /**
   * Measures {@link Speech}, after {@link #run}.
   *
   * @return one element, or none where the back end works for one thread only
   */
  public List<Speech> speech(Workload workload) {
    double[] seconds = new double[workload.rounds()];
    double[] first = new double[workload.rounds()];
    for (int i = -1; i < seconds.length; i++) {
      List<Backend> beside = backend.beside();
      if (beside.isEmpty()) {
        return List.of();
      }
      Round round = new Round(workload);
      FeatureSpec spec = model.config().outputFeatures();
      SplittableRandom random = new SplittableRandom(0);
      try (SpeechLane lane = new SpeechLane(vocoder, beside.getFirst(), spec, random)) {
        round.speech(lane);
      }
      if (i >= 0) {
        seconds[i] = round.seconds.getLast();
        first[i] = round.seconds.getFirst();
      }
    }
    return List.of(new Speech(seconds, first));
  }

  private List<Stage> stages(Workload workload, List<Round> rounds) {
    Round any = rounds.getFirst();
    double layers = sum(bytes, "lm.layers.") / 1e9;
    double head = sum(bytes, model.config().lm().tiedHead() ? "lm.embedding" : "lm.head") / 1e9;
    double nets = (sum(bytes, "nets.") - sum(bytes, "nets.projection")) / 1e9;
    double encoderFlops = 2e-9 * sum(elements, "conformer.layers.") * any.positions;
    double prefillFlops = 2e-9 * sum(elements, "lm.layers.") * (any.positions + 1);
    int tokens = workload.textTokens();
    return List.of(
        stage("encode", 1, sum(bytes, "conformer.") / 1e9, encoderFlops, rounds, 0),
        stage("prefill", 1, layers, prefillFlops, rounds, 1),
        stage("text", tokens, tokens * (layers + head), 0, rounds, 2),
        stage("frames", any.steps, any.steps * (layers + nets), 0, rounds, 3),
        stage("vocoder", 1, sum(bytes, "vocoder.") / 1e9, 0, rounds, 4));
  }

  private static double sum(Map<String, Long> numbers, String prefix) {
    return numbers.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static Stage stage(
      String name, int count, double gigabytes, double gigaflops, List<Round> rounds, int index) {
    double[] seconds = rounds.stream().mapToDouble(round -> round.seconds.get(index)).toArray();
    return new Stage(name, count, gigabytes, gigaflops, seconds);
  }

  /** All stages once. */
  private final class Round {
    private final Workload workload;
    private final List<Double> seconds = new ArrayList<>();
    private final int steps;
    private int positions;
    private long last;

    Round(Workload workload) {
      this.workload = workload;
      FeatureSpec spec = model.config().outputFeatures();
      int frames = (int) Math.ceil(workload.speechSeconds() * spec.frameRate());
      this.steps = Math.ceilDiv(frames, model.config().nets().reductionFactor());
    }

    void run() {
      FeatureSpec spec = model.config().inputFeatures();
      int time = (int) Math.ceil(workload.promptSeconds() * spec.frameRate());
      float[] noise = noise(time * spec.nMels());
      last = System.nanoTime();
      try (Scope _ = backend.openScope()) {
        EncoderStates prefix = prefix(noise);
        positions = prefix.lengths().at(0);
        lap();
        int capacity = positions + 1 + workload.textTokens() + steps;
        try (KvCache cache = model.lm().cache(backend, 1, capacity)) {
          prefill(prefix, cache);
          lap();
          text(cache);
          lap();
          frames(cache, () -> {});
          lap();
        }
      }
      vocode();
      lap();
    }

    private EncoderStates prefix(float[] logMel) {
      try (Scope scope = backend.openScope()) {
        EncoderStates prefix =
            model.prefix(
                backend,
                model.encoder().encode(backend, logMel, model.config().conformer().longAudio()));
        return new EncoderStates(scope.keep(prefix.states()), prefix.lengths());
      }
    }

    private void lap() {
      long now = System.nanoTime();
      seconds.add((now - last) / 1e9);
      last = System.nanoTime();
    }

    private void prefill(EncoderStates prefix, KvCache cache) {
      try (Scope _ = backend.openScope()) {
        Tokens start = Tokens.of(TOKEN);
        Tensor x =
            backend.concatTime(
                List.of(prefix.states(), model.lm().embed(backend, start)),
                List.of(prefix.lengths(), start.lengths()));
        AttentionMask mask = new AttentionMask.Prefix(prefix.lengths());
        model.lm().forward(backend, x, mask, prefix.lengths().plus(start.lengths()), cache);
      }
    }

    private void text(KvCache cache) {
      for (int i = 0; i < workload.textTokens(); i++) {
        try (Scope _ = backend.openScope()) {
          Tensor x = model.lm().embed(backend, Tokens.of(TOKEN));
          backend.download(model.lm().logits(backend, model.lm().step(backend, x, cache)));
        }
      }
    }

    void speech(SpeechLane lane) {
      FeatureSpec spec = model.config().outputFeatures();
      int reduction = model.config().nets().reductionFactor();
      int positions = (int) Math.ceil(workload.promptSeconds() * spec.frameRate());
      LogMel logMel = LogMel.ofNormalised(noise(reduction * spec.nMels()), spec);
      last = System.nanoTime();
      try (KvCache cache = model.lm().cache(backend, 1, positions + steps)) {
        frames(
            cache,
            () -> {
              lane.ready().forEach(this::heard);
              lane.push(logMel);
            });
      }
      lane.finish();
      while (lane.hasNext()) {
        heard(lane.next(Cancellation.never()));
      }
      seconds.add((System.nanoTime() - last) / 1e9);
    }

    private void heard(float[] samples) {
      if (samples.length > 0 && seconds.isEmpty()) {
        seconds.add((System.nanoTime() - last) / 1e9);
      }
    }

    private void frames(KvCache cache, Runnable afterStep) {
      SplittableRandom random = new SplittableRandom(0);
      Shape shape = Shape.of(1, 1, model.config().nets().stepChannels());
      float[] frame = noise(shape.arrayLength());
      for (int i = 0; i < steps; i++) {
        try (Scope _ = backend.openScope()) {
          Tensor x = model.preNet().forward(backend, backend.upload(frame, shape), random);
          Tensor state = model.lm().step(backend, x, cache);
          backend.download(model.postNet().forward(backend, state));
          afterStep.run();
        }
      }
    }

    private void vocode() {
      FeatureSpec spec = model.config().outputFeatures();
      int time = steps * model.config().nets().reductionFactor();
      LogMel logMel = LogMel.ofNormalised(noise(time * spec.nMels()), spec);
      vocoder.synthesize(backend, logMel, new SplittableRandom(0));
    }

    private float[] noise(int size) {
      SplittableRandom random = new SplittableRandom(1);
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }
  }
}
