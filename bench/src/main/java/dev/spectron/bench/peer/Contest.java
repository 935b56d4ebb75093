package dev.spectron.bench.peer;

import com.github.tjake.jlama.tensor.operations.PanamaTensorOperations;
import com.github.tjake.jlama.tensor.operations.TensorOperations;
import com.github.tjake.jlama.tensor.operations.TensorOperationsProvider;
import com.github.tjake.jlama.util.MachineSpec;
import com.github.tjake.jlama.util.PhysicalCoreExecutor;
import dev.spectron.bench.DecodeMatrices;
import dev.spectron.conformer.ConformerConfig;
import dev.spectron.conformer.ConformerEncoder;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.CheckedBackend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.layer.Init;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.cpu.CpuBackendProvider;
import dev.spectron.cpu.CpuOptions;
import dev.spectron.djl.DjlBackend;
import dev.spectron.djl.DjlOptions;
import dev.spectron.djl.Precision;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.training.quantise.PackingPolicy;
import dev.spectron.training.quantise.RandomPackedWeights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Work that several can do. */
enum Contest {
  /** The matrices of a decoding step of the 350M in 4 bits. */
  DECODE,
  /** A hundred rows through a matrix of the encoder's feed-forward. */
  PRODUCT,
  /** A product as large as any of a prompt. */
  LARGE_PRODUCT,
  /** The encoder of 604.9 million parameters over 3 s. */
  ENCODER;

  private static final int WIDTH = 1024;

  /** Opens all who can; the first is what the others are compared with. */
  List<Contender> contenders(int threads) {
    return switch (this) {
      case DECODE -> decoders(threads);
      case PRODUCT -> products(100, 1024, 4096, threads);
      case LARGE_PRODUCT -> products(1024, 1024, 1024, threads);
      case ENCODER -> onAll(Contest::encoder, threads);
    };
  }

  private static List<Contender> decoders(int threads) {
    PhysicalCoreExecutor.overrideThreadCount(threads);
    return List.of(
        decoder("ours, native", true, threads),
        decoder("ours, vectors", false, threads),
        jlama(new PanamaTensorOperations(MachineSpec.VECTOR_TYPE)),
        jlama(TensorOperationsProvider.get()));
  }

  private static Contender decoder(String name, boolean natively, int threads) {
    Arena arena = Arena.ofShared();
    Backend backend = cpu(natively, threads);
    DecodeMatrices matrices =
        new DecodeMatrices(backend, Packing.INT4, WIDTH, DecodeMatrices.layers(WIDTH), arena);
    return new Contender(
        name,
        matrices::step,
        () -> {
          backend.close();
          arena.close();
        });
  }

  private static Contender jlama(TensorOperations operations) {
    JlamaMatrices matrices = new JlamaMatrices(operations, WIDTH, DecodeMatrices.layers(WIDTH));
    return new Contender("Jlama, " + operations.name(), matrices::step, () -> {});
  }

  private static List<Contender> products(int rows, int depth, int columns, int threads) {
    Work product =
        (backend, weights) -> {
          Weight w = weights.weight("w", Shape.of(columns, depth), Init.fanIn(depth));
          float[] values = normal(rows * depth);
          return () -> {
            try (Scope _ = backend.openScope()) {
              Tensor x = backend.upload(values, Shape.of(1, rows, depth));
              backend.linear(x, w, Weight.none());
            }
          };
        };
    List<Contender> all = new ArrayList<>(onAll(product, threads));
    all.add(plain("ours, vectors, float32", cpu(false, threads), product));
    return all;
  }

  private static Runnable encoder(Backend backend, WeightScope weights) {
    ConformerConfig config = NamedConfigs.of("spectron-350m").conformer();
    ConformerEncoder encoder = ConformerEncoder.load(config, weights);
    Shape shape = Shape.of(1, 240, 128);
    float[] prompt = normal(shape.arrayLength());
    return () -> {
      try (Scope _ = backend.openScope()) {
        Tensor x = backend.upload(prompt, shape);
        backend.download(encoder.encode(backend, x, Lengths.full(x)).states());
      }
    };
  }

  /** Makes the same work of weights on one back end or another. */
  @FunctionalInterface
  private interface Work {
    Runnable on(Backend backend, WeightScope weights);
  }

  private static List<Contender> onAll(Work work, int threads) {
    return List.of(
        packed("ours, native, int8", PackingPolicy.int8(), cpu(true, threads), work),
        packed("ours, native, bf16", PackingPolicy.bf16(), cpu(true, threads), work),
        packed("ours, vectors, int8", PackingPolicy.int8(), cpu(false, threads), work),
        plain("libtorch, float32", djl(Precision.F32, threads), work),
        plain("libtorch, rounding to bf16", djl(Precision.BF16, threads), work));
  }

  private static Backend cpu(boolean natively, int threads) {
    CpuOptions options = new CpuOptions(0, threads, false, natively, false);
    return new CheckedBackend(new CpuBackendProvider(options).open());
  }

  private static Backend djl(Precision precision, int threads) {
    DjlOptions options = DjlOptions.answering().withThreads(threads).withPrecision(precision);
    return new CheckedBackend(DjlBackend.open(options));
  }

  private static Contender packed(String name, PackingPolicy policy, Backend backend, Work work) {
    Arena arena = Arena.ofShared();
    WeightSource weights = new RandomPackedWeights(policy, 0, arena);
    return new Contender(
        name,
        work.on(backend, WeightScope.of(backend, weights)),
        () -> {
          backend.close();
          arena.close();
        });
  }

  private static Contender plain(String name, Backend backend, Work work) {
    WeightScope weights = WeightScope.of(backend, new RandomWeights(0));
    return new Contender(name, work.on(backend, weights), backend::close);
  }

  private static float[] normal(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
