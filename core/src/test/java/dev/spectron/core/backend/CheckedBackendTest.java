package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.ShapeException;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckedBackendTest {
  private static final Weight NONE = Weight.none();

  private final Backend backend = new CheckedBackend(new ReferenceBackend());
  private Scope scope;

  @BeforeEach
  void openScope() {
    scope = backend.openScope();
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  @Test
  void linearNamesTheWeightAndBothShapes() {
    Weight weight = weight("layers.3.x.weight", 80, 160);
    rejects(
        () -> backend.linear(tensor(1, 75, 80), weight, NONE),
        "linear layers.3.x.weight: expected [..., 160], found [1, 75, 80]");
    rejects(
        () -> backend.linear(tensor(1, 75, 160), weight, weight("b", 160)),
        "linear layers.3.x.weight: expected bias [80], found [160]");
    rejects(
        () -> backend.linear(tensor(4), weight("w", 4), NONE),
        "linear w: expected weight [out, in], found [4]");
    rejects(() -> backend.linear(tensor(4), NONE, NONE), "linear: expected a weight, found none");
  }

  @Test
  void embedNamesTheIdAndItsPlace() {
    Weight table = weight("lm.embed", 10, 4);
    rejects(
        () -> backend.embed(Tokens.ofRows(List.of(new int[] {9, 0}, new int[] {3, 10})), table),
        "embed lm.embed: expected ids from 0 up to 10, exclusive, found 10 at row 1, position 1");
    rejects(
        () -> backend.embed(Tokens.of(-1), table),
        "embed lm.embed: expected ids from 0 up to 10, exclusive, found -1 at row 0, position 0");
  }

  @Test
  void conv1dChecksWeightChannelsGroupsLengthsAndTime() {
    Conv1dSpec spec = new Conv1dSpec(3, 1, 1, 0, 0, 2);
    Weight weight = weight("c", 6, 2, 3);
    Lengths full = Lengths.full(1, 8);
    Tensor x = tensor(1, 8, 4);
    assertThat(backend.conv1d(x, weight, NONE, spec, full).shape()).isEqualTo(Shape.of(1, 6, 6));
    rejects(
        () -> backend.conv1d(tensor(1, 8, 5), weight, NONE, spec, full),
        "conv1d c: expected [batch, time, 4], found [1, 8, 5]");
    rejects(
        () -> backend.conv1d(x, weight("c", 6, 2, 5), NONE, spec, full),
        "conv1d c: expected weight of kernel size 3, found [6, 2, 5]");
    rejects(
        () -> backend.conv1d(x, weight("c", 5, 2, 3), NONE, spec, full),
        "conv1d c: expected groups that divide 5 output channels, found 2");
    rejects(
        () -> backend.conv1d(x, weight, weight("b", 4), spec, full),
        "conv1d c: expected bias [6], found [4]");
    rejects(
        () -> backend.conv1d(x, weight, NONE, spec, Lengths.of(8, 8)),
        "conv1d c: expected lengths of 1 rows, each up to 8 as in [1, 8, 4], found [8, 8]");
    rejects(
        () -> backend.conv1d(x, weight, NONE, spec, Lengths.full(1, 9)),
        "conv1d c: expected lengths of 1 rows, each up to 8 as in [1, 8, 4], found [9]");
    rejects(
        () -> backend.conv1d(tensor(1, 2, 4), weight, NONE, spec, Lengths.full(1, 2)),
        "conv1d c: expected output time of at least 1, found 0");
  }

  @Test
  void convTranspose1dChecksItsOutputTime() {
    Weight weight = weight("t", 4, 6, 3);
    Tensor x = tensor(1, 2, 4);
    Lengths full = Lengths.full(1, 2);
    rejects(
        () -> backend.convTranspose1d(x, weight, NONE, 1, 2, full),
        "convTranspose1d t: expected output time of at least 1, found 0");
    rejects(
        () -> backend.convTranspose1d(x, weight, NONE, Integer.MAX_VALUE, 0, full),
        "convTranspose1d t: expected output time of at most 2147483647, found 2147483650");
    rejects(
        () -> backend.convTranspose1d(x, weight, NONE, 0, 0, full),
        "convTranspose1d t: expected stride of at least 1, found 0");
  }

  @Test
  void conv2dChecksBothKernelSizesAndTheChannels() {
    Conv2dSpec spec = new Conv2dSpec(3, 2, 0, 1);
    Lengths full = Lengths.full(1, 8);
    rejects(
        () -> backend.conv2d(tensor(1, 8, 8, 1), weight("s", 4, 1, 3, 5), NONE, spec, full),
        "conv2d s: expected weight of kernel size 3 both ways, found [4, 1, 3, 5]");
    rejects(
        () -> backend.conv2d(tensor(1, 8, 8, 2), weight("s", 4, 1, 3, 3), NONE, spec, full),
        "conv2d s: expected [batch, time, frequency, 1], found [1, 8, 8, 2]");
    rejects(
        () -> backend.conv2d(tensor(1, 8, 2, 1), weight("s", 4, 1, 3, 3), NONE, spec, full),
        "conv2d s: expected output frequency of at least 1, found 0");
  }

  @Test
  void normsCheckTheirVectors() {
    Tensor x = tensor(2, 8);
    rejects(
        () -> backend.layerNorm(x, weight("norm.weight", 7), NONE, 1e-5f),
        "layerNorm norm.weight: expected [..., 7], found [2, 8]");
    rejects(
        () -> backend.layerNorm(x, weight("norm.weight", 8), weight("norm.bias", 7), 1e-5f),
        "layerNorm norm.weight: expected bias [8], found [7]");
    rejects(
        () -> backend.rmsNorm(x, weight("norm.weight", 2, 4), 1e-5f),
        "rmsNorm norm.weight: expected weight [channels], found [2, 4]");
    Weight eight = weight("mean", 8);
    rejects(
        () -> backend.batchNorm(x, eight, eight, NONE, eight, 1e-5f),
        "batchNorm mean: expected gain [8], found none");
  }

  @Test
  void pointwiseOperationsNeedEqualShapes() {
    rejects(() -> backend.add(tensor(2, 3), tensor(3, 2)), "add: expected [2, 3], found [3, 2]");
    rejects(
        () -> backend.multiply(tensor(2, 3), tensor(2, 4)),
        "multiply: expected [2, 3], found [2, 4]");
    rejects(
        () -> backend.modulate(tensor(2, 3), tensor(2, 3), tensor(2, 1), Activation.RELU),
        "modulate: expected [2, 3], found [2, 1]");
    rejects(() -> backend.glu(tensor(2, 3)), "glu: expected [..., 2 * channels], found [2, 3]");
    rejects(
        () -> backend.reshape(tensor(2, 3), Shape.of(7)),
        "reshape: expected 7 elements for [7], found [2, 3]");
    rejects(
        () -> backend.upload(new float[5], Shape.of(2, 3)),
        "upload: expected 6 values for [2, 3], found 5");
    assertThatThrownBy(() -> backend.dropout(tensor(1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dropout: expected a rate from 0 up to 1, exclusive, found 1.0");
  }

  @Test
  void timeOperationsCheckTheirPieces() {
    Tensor x = tensor(2, 5, 3);
    rejects(
        () -> backend.concatTime(List.of(x, tensor(2, 1, 4)), List.of(full(x), Lengths.of(1, 1))),
        "concatTime: expected [2, 1, 3], found [2, 1, 4]");
    rejects(
        () -> backend.concatTime(List.of(x), List.of(Lengths.of(0, 0))),
        "concatTime: expected longest joined row of at least 1, found 0");
    rejects(
        () -> backend.concatTime(List.of(x), List.of()),
        "concatTime: expected lengths of 1 parts, found []");
    rejects(
        () -> backend.concatTime(List.of(), List.of()),
        "concatTime: expected number of parts of at least 1, found 0");
    rejects(
        () -> backend.sliceTime(x, new int[] {0, 3}, Lengths.of(5, 3)),
        "sliceTime: expected a piece within the 5 frames of row 1, found 3 from 3");
    rejects(
        () -> backend.sliceTime(x, new int[] {0}, Lengths.of(5, 3)),
        "sliceTime: expected starts and lengths of 2 rows, found 1 and 2");
    rejects(
        () -> backend.upsampleTime(x, 0), "upsampleTime: expected factor of at least 1, found 0");
    rejects(
        () -> backend.upsampleTime(x, Integer.MAX_VALUE),
        "upsampleTime: expected output time of at most 2147483647, found 10737418235");
    Tensor samples = tensor(1, 8, 1);
    rejects(
        () -> backend.powerSpectrogram(samples, 12, 12, 4),
        "powerSpectrogram: expected an FFT size that is a power of two, found 12");
    rejects(
        () -> backend.powerSpectrogram(samples, 16, 17, 4),
        "powerSpectrogram: expected a window of 1 to 16 samples, found 17");
    rejects(
        () -> backend.powerSpectrogram(samples, 16, 16, 4),
        "powerSpectrogram: expected number of samples of at least 9, found 8");
  }

  @Test
  void fusedOperationsAreCheckedAsAWhole() {
    Weight up = weight("up", 8, 4);
    Weight down = weight("down", 4, 7);
    rejects(
        () -> backend.feedForward(tensor(1, 4), up, NONE, Activation.RELU, down, NONE),
        "feedForward down: expected weight [4, 8], found [4, 7]");
    rejects(
        () -> backend.gatedFeedForward(tensor(1, 4), up, down, Activation.RELU, down),
        "gatedFeedForward down: expected weight [8, 4], found [4, 7]");
    rejects(
        () -> backend.gatedFeedForward(tensor(1, 5), up, up, Activation.RELU, down),
        "gatedFeedForward up: expected [..., 4], found [1, 5]");
  }

  @Test
  void attentionChecksShapesPositionsAndMask() {
    AttentionSpec spec = AttentionSpec.of(4, 2, 8, new AttentionMask.Causal());
    Tensor q = tensor(1, 5, 32);
    Tensor k = tensor(1, 5, 16);
    rejects(
        () -> attend(k, k, k, spec, new Position.None()),
        "attention: expected [batch, time, 32], found [1, 5, 16]");
    rejects(
        () -> attend(q, q, k, spec, new Position.None()),
        "attention: expected [1, 5, 16], found [1, 5, 32]");
    rejects(
        () -> attend(q, k, tensor(1, 6, 16), spec, new Position.None()),
        "attention: expected [1, 5, 16], found [1, 6, 16]");
    rejects(
        () -> attend(q, k, k, spec, new Position.Rotary(10, 1e4, new RotaryScaling.None())),
        "attention: expected rotary dims up to head_dim 8, found 10");
    rejects(
        () -> attend(q, k, k, spec, new Position.Shaw(weight("distances", 4, 8), 2, 2)),
        "attention distances: expected distances [5, 8], found [4, 8]");
    Weight bias = weight("u", 4, 8);
    Weight projection = weight("pos", 32, 6);
    rejects(
        () -> attend(q, k, k, spec, new Position.TransformerXl(projection, bias, NONE)),
        "attention pos: expected position bias [4, 8], found none");
    AttentionSpec prefix = AttentionSpec.of(4, 2, 8, new AttentionMask.Prefix(Lengths.of(1, 2)));
    rejects(
        () -> attend(q, k, k, prefix, new Position.None()),
        "attention: expected prefix lengths of 1 rows, found [1, 2]");
  }

  private Tensor attend(Tensor q, Tensor k, Tensor v, AttentionSpec spec, Position position) {
    return backend.attention(q, k, v, spec, position, full(q), KvCache.Layer.none());
  }

  @Test
  void aFullCacheSaysWhere() {
    try (KvCache cache = backend.kvCache(new KvCacheSpec(2, 1, 5, 4))) {
      decode(cache, 4);
      assertThat(cache.position()).isEqualTo(4);
      assertThat(cache.layer(1).position()).isEqualTo(4);
      assertThatThrownBy(() -> decode(cache, 2))
          .isInstanceOf(CapacityException.class)
          .hasMessage(
              "attention: 2 frames do not fit after position 4 of KV cache capacity 5; ask for a larger cache");
      decode(cache, 1);
      assertThat(cache.position()).isEqualTo(5);
    }
  }

  @Test
  void theCacheMustBeFilledBeforeItAdvances() {
    try (KvCache cache = backend.kvCache(new KvCacheSpec(2, 1, 5, 4))) {
      decode(cache.layer(0), 2);
      assertThatThrownBy(() -> cache.advance(2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "KV cache: expected to advance by up to the 0 frames that layer 1 was given, found 2; run attention on every layer first");
      assertThatThrownBy(() -> cache.layer(2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("KV cache: expected a layer from 0 up to 2, exclusive, found 2");
    }
  }

  @Test
  void theCacheFitsItsBatchOnlyAndNoPadding() {
    try (KvCache cache = backend.kvCache(new KvCacheSpec(1, 2, 5, 4))) {
      rejects(
          () -> decode(cache.layer(0), 2),
          "attention: expected keys [2, time, 4] as in the KV cache, found [1, 2, 4]");
      Tensor x = tensor(2, 3, 4);
      AttentionSpec spec = AttentionSpec.of(1, 1, 4, new AttentionMask.Causal());
      rejects(
          () ->
              backend.attention(
                  x, x, x, spec, new Position.None(), Lengths.of(3, 2), cache.layer(0)),
          "attention: expected every row to be 3 frames long with a KV cache, found [3, 2]");
    }
  }

  @Test
  void aClosedCacheIsRejected() {
    KvCache cache = backend.kvCache(new KvCacheSpec(1, 1, 5, 4));
    cache.close();
    cache.close();
    assertThatThrownBy(() -> decode(cache, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("KV cache: it is closed; make another with Backend.kvCache");
  }

  @Test
  void aCacheThatCannotFitMemoryIsRefused() {
    assertThatThrownBy(() -> backend.kvCache(new KvCacheSpec(100, 8, 1 << 30, 1024)))
        .isInstanceOf(CapacityException.class)
        .hasMessageStartingWith("reference: KvCacheSpec[")
        .hasMessageEndingWith("lower the capacity or raise -Xmx");
  }

  private void decode(KvCache cache, int frames) {
    decode(cache.layer(0), frames);
    decode(cache.layer(1), frames);
    cache.advance(frames);
  }

  private void decode(KvCache.Layer layer, int frames) {
    Tensor x = tensor(1, frames, 4);
    AttentionSpec spec = AttentionSpec.of(1, 1, 4, new AttentionMask.Causal());
    backend.attention(x, x, x, spec, new Position.None(), full(x), layer);
  }

  @Test
  void scopesCloseInReverseOrder() {
    Scope inner = backend.openScope();
    assertThatThrownBy(scope::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "reference: scope.close: a scope opened later is still open; close that one first");
    inner.close();
    inner.close();
    scope.close();
    assertThatThrownBy(() -> backend.upload(new float[1], Shape.of(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("reference: upload: no scope is open to own the result; call openScope first");
  }

  @Test
  void keepNeedsTheCurrentScopeAndOneAroundIt() {
    Tensor x = tensor(1);
    assertThatThrownBy(() -> scope.keep(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("reference: scope.keep: no scope encloses this one; open one before it");
    try (Scope _ = backend.openScope()) {
      assertThatThrownBy(() -> scope.keep(x))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "reference: scope.keep: expected the current scope, found another or a closed one");
    }
  }

  @Test
  void aFailedOperationLeavesTheBackEndUsable() {
    assertThatThrownBy(() -> backend.add(tensor(1), tensor(2))).isInstanceOf(ShapeException.class);
    assertThat(backend.add(tensor(2), tensor(2)).shape()).isEqualTo(Shape.of(2));
  }

  @Test
  void nothingWorksAfterClosingButClosing() {
    Tensor x = tensor(2);
    backend.close();
    backend.close();
    scope.close();
    assertThatThrownBy(() -> backend.scale(x, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("reference: scale: the back end is closed; open another");
    assertThatThrownBy(() -> backend.download(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("reference: download: the back end is closed; open another");
  }

  @Test
  void aSecondThreadAtTheSameTimeIsTurnedAway() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Backend slow =
        new CheckedBackend(
            new TracedBackend(
                new ReferenceBackend(),
                _ -> {
                  inside.countDown();
                  await(leave);
                }));
    try (ExecutorService executor = Executors.newSingleThreadExecutor();
        Scope _ = slow.openScope()) {
      Future<Tensor> first = executor.submit(() -> slow.upload(new float[1], Shape.of(1)));
      await(inside);
      assertThatThrownBy(slow::openScope)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(
              "reference: openScope: thread .+ is using the back end, found thread .+; use it from one thread at a time");
      leave.countDown();
      Tensor x = first.get(10, TimeUnit.SECONDS);
      assertThat(slow.download(x)).as("later, another thread may").containsExactly(0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }

  private static void rejects(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessage(message);
  }

  private Tensor tensor(int... sizes) {
    Shape shape = Shape.of(sizes);
    return backend.upload(new float[shape.arrayLength()], shape);
  }

  private Weight weight(String path, int... sizes) {
    Shape shape = Shape.of(sizes);
    return backend.weight(WeightData.of(path, shape, new float[shape.arrayLength()]));
  }

  private static Lengths full(Tensor x) {
    return Lengths.full(x);
  }
}
