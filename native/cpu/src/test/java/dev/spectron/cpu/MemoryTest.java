package dev.spectron.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.Activation;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.AttentionSpec;
import dev.spectron.core.backend.KvCache;
import dev.spectron.core.backend.KvCacheSpec;
import dev.spectron.core.backend.Position;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.Weight;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.Stack;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where weights and activations live, and for how long. */
class MemoryTest {
  private final CpuBackend backend = new CpuBackend(128, new CpuOptions(128, 2, false, false));

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void bf16WeightsTakeTwoBytesAnElement() {
    WeightData data =
        new WeightData("w", DType.BF16, Shape.of(64, 100), MemorySegment.ofArray(new byte[12800]));
    assertThat(CpuWeight.of(backend.weight(data)).matrix().data().byteSize()).isEqualTo(12800);
    WeightData floats = WeightData.of("w", Shape.of(64, 100), new float[6400]);
    assertThat(CpuWeight.of(backend.weight(floats)).matrix().data().byteSize()).isEqualTo(25600);
  }

  @Test
  void everyFloatingPointTypeIsRead() {
    ByteOrder little = ByteOrder.LITTLE_ENDIAN;
    MemorySegment f16 = MemorySegment.ofArray(new byte[4]);
    f16.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(little), 2, Float.floatToFloat16(1.5f));
    MemorySegment f64 = MemorySegment.ofArray(new byte[16]);
    f64.set(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(little), 8, 1.5);
    Shape shape = Shape.of(1, 2);
    for (WeightData data :
        new WeightData[] {
          new WeightData("w", DType.F16, shape, f16), new WeightData("w", DType.F64, shape, f64)
        }) {
      assertThat(CpuWeight.of(backend.weight(data)).matrix().toRows()).containsExactly(0, 1.5f);
    }
    WeightData integers = new WeightData("w", DType.I32, shape, MemorySegment.ofArray(new byte[8]));
    assertThatThrownBy(() -> backend.weight(integers)).isInstanceOf(BundleException.class);
  }

  @Test
  void weightsOfAConfinedArenaArePackedByTheCaller() {
    Weight weight;
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment data = confined.allocate(40 * 8 * Float.BYTES);
      data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 319, 7);
      weight = backend.weight(new WeightData("w", DType.F32, Shape.of(40, 8), data));
    }
    assertThat(CpuWeight.of(weight).matrix().toRows()[39 * 8 + 7]).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(names = "ROWS", mode = EnumSource.Mode.EXCLUDE)
  void packedWeightsAreUsedWhereTheyLieUnlessNoLineStartsThere(Packing packing) {
    WeightData rows = WeightData.of("w", Shape.of(40, 70), new float[2800]);
    WeightData packed = WeightData.packed(rows, packing);
    long bytes = packed.data().byteSize();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(bytes + 4, 64);
      for (int offset : new int[] {0, 4}) {
        MemorySegment data = memory.asSlice(offset, bytes).copyFrom(packed.data());
        WeightData stored = new WeightData("w", DType.U8, packing, rows.shape(), data);
        MemorySegment used = CpuWeight.of(backend.weight(stored)).matrix().data();
        assertThat(used.address() == data.address()).isEqualTo(offset == 0);
        assertThat(used.mismatch(packed.data())).isEqualTo(-1);
        assertThat(used.address() % 64).isZero();
      }
    }
  }

  /** Huge pages show in nothing but speed, and less than one of them is ordinary memory. */
  @ParameterizedTest
  @ValueSource(longs = {1, 64, 5000, 2 << 20, (5 << 20) + 192})
  void largeWeightMemoryIsZeroAndStartsOnALine(long bytes) {
    try (Arena arena = Arena.ofShared()) {
      WeightMemory memory = new WeightMemory(arena);
      MemorySegment zeros = memory.allocate(bytes);
      assertThat(zeros.byteSize()).isEqualTo(bytes);
      assertThat(zeros.address() % 64).isZero();
      assertThat(zeros.mismatch(MemorySegment.ofArray(new byte[(int) bytes]))).isEqualTo(-1);
      zeros.fill((byte) 7);
      MemorySegment copy = memory.copy(zeros);
      assertThat(copy.address()).isNotEqualTo(zeros.address());
      assertThat(copy.mismatch(zeros)).isEqualTo(-1);
    }
  }

  @Test
  void aFileWhoseWeightsWereCopiedIsStillWhole(@TempDir Path folder) throws IOException {
    byte[] bytes = new byte[100_000];
    new SplittableRandom(1).nextBytes(bytes);
    Path file = Files.write(folder.resolve("weights"), bytes);
    try (Arena arena = Arena.ofShared();
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, arena);
      MemorySegment part = mapped.asSlice(64, 90_000);
      MemorySegment copy = new WeightMemory(arena).copy(part);
      assertThat(copy.mismatch(part)).isEqualTo(-1);
      assertThat(mapped.mismatch(MemorySegment.ofArray(bytes))).isEqualTo(-1);
    }
  }

  @Test
  void packedWeightsAreCopiedToHugePagesOnRequest() {
    WeightData packed =
        WeightData.packed(WeightData.of("w", Shape.of(16, 64), new float[1024]), Packing.INT8);
    CpuOptions options = new CpuOptions(128, 1, false, false, true, false, false);
    try (Arena arena = Arena.ofShared();
        CpuBackend copying = new CpuBackend(128, options)) {
      MemorySegment data = arena.allocate(packed.data().byteSize(), 64).copyFrom(packed.data());
      WeightData stored = new WeightData("w", DType.U8, Packing.INT8, packed.shape(), data);
      MemorySegment used = CpuWeight.of(copying.weight(stored)).matrix().data();
      assertThat(used.address()).isNotEqualTo(data.address());
      assertThat(used.mismatch(data)).isEqualTo(-1);
    }
  }

  @Test
  void aDecodingStepMakesNoNewArrays() {
    WeightData square = WeightData.of("w", Shape.of(32, 32), new float[1024]);
    Weight weight = backend.weight(square);
    Weight none = Weight.none();
    AttentionSpec spec = AttentionSpec.of(4, 4, 8, new AttentionMask.Causal());
    try (Scope _ = backend.openScope();
        KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, 50, 32))) {
      Tensor input = backend.upload(new float[32], Shape.of(1, 1, 32));
      int after = 0;
      for (int step = 0; step < 40; step++) {
        try (Scope _ = backend.openScope()) {
          Tensor x = backend.rmsNorm(input, none, 1e-5f);
          Tensor q = backend.linear(x, weight, none);
          x =
              backend.attention(
                  q, q, x, spec, new Position.None(), Lengths.full(1, 1), cache.layer(0));
          x = backend.add(x, backend.linear(x, weight, none));
          backend.gatedFeedForward(x, weight, weight, Activation.SILU, weight);
        }
        cache.advance(1);
        if (step == 0) {
          after = backend.arraysMade();
        }
      }
      assertThat(backend.arraysMade()).isEqualTo(after);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "24, 6", "100, 8"})
  void aStackHoldsFewResultsOfItsLayers(int layers, int most) {
    try (Scope _ = backend.openScope()) {
      Tensor input = backend.upload(new float[8], Shape.of(8));
      List<Integer> held = new ArrayList<>();
      Stack.forward(
          backend,
          layers,
          input,
          (_, x) -> {
            held.add(backend.liveTensors() - 1);
            return backend.scale(x, 2);
          });
      assertThat(held).hasSize(layers).allSatisfy(n -> assertThat(n).isLessThan(most));
      assertThat(backend.liveTensors()).isEqualTo(2);
    }
  }

  @Test
  void reshapedTensorsShareMemoryUntilTheLastIsGone() {
    float[] values = {1, 2, 3, 4, 5, 6};
    try (Scope outer = backend.openScope()) {
      Tensor kept;
      try (Scope inner = backend.openScope()) {
        Tensor x = backend.upload(values, Shape.of(2, 3));
        kept = inner.keep(backend.reshape(x, Shape.of(3, 2)));
      }
      backend.upload(new float[6], Shape.of(6));
      assertThat(backend.download(kept)).isEqualTo(values);
      assertThat(outer.toString()).isNotNull();
    }
    assertThat(backend.liveTensors()).isZero();
  }

  @Test
  void closingTwiceDoesNothingAndWeightsAreGone() {
    Weight weight = backend.weight(WeightData.of("w", Shape.of(4, 4), new float[16]));
    backend.openScope();
    backend.close();
    backend.close();
    try (Scope _ = backend.openScope()) {
      Tensor x = backend.upload(new float[4], Shape.of(1, 4));
      assertThatThrownBy(() -> backend.linear(x, weight, Weight.none()))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
