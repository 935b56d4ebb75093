package dev.spectron.core.backend;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;

/** Shape checks of {@link Backend#attention}. */
final class AttentionCheck {
  private static final Operands ATTENTION = Operands.of("attention");

  private AttentionCheck() {}

  static void check(
      Tensor q,
      Tensor k,
      Tensor v,
      AttentionSpec spec,
      Position position,
      Lengths lengths,
      KvCache.Layer cache) {
    ATTENTION.frames(q, spec.channels());
    Shape kv = q.shape().with(2, spec.kvChannels());
    ATTENTION.sameShape(kv, k);
    ATTENTION.sameShape(kv, v);
    ATTENTION.lengths(lengths, q);
    check(position, spec);
    if (spec.mask() instanceof AttentionMask.Prefix prefix
        && prefix.prefix().batch() != lengths.batch()) {
      throw ATTENTION.expected("prefix lengths of " + lengths.batch() + " rows", prefix.prefix());
    }
    if (cache instanceof CheckedKvCache.CheckedLayer layer) {
      check(layer, kv, lengths);
    } else if (cache.isPresent()) {
      throw new IllegalArgumentException(
          "attention: the KV cache was made by another back end; make it with kvCache of this one");
    }
  }

  private static void check(Position position, AttentionSpec spec) {
    switch (position) {
      case Position.None _ -> {}
      case Position.Rotary rotary -> {
        if (rotary.dims() > spec.headDim()) {
          throw ATTENTION.expected("rotary dims up to head_dim " + spec.headDim(), rotary.dims());
        }
      }
      case Position.TransformerXl xl -> {
        Operands operands = new Operands("attention", xl.projection());
        operands.weightRank(2, "[n_heads * head_dim, d_model]");
        operands.matrix(
            "projection", xl.projection(), spec.channels(), xl.projection().shape().size(1));
        operands.matrix("content bias", xl.u(), spec.nHeads(), spec.headDim());
        operands.matrix("position bias", xl.v(), spec.nHeads(), spec.headDim());
      }
      case Position.Shaw shaw -> {
        int rows = Math.clamp(1L + shaw.left() + shaw.right(), 1, Integer.MAX_VALUE);
        Operands operands = new Operands("attention", shaw.distances());
        operands.matrix("distances", shaw.distances(), rows, spec.headDim());
      }
    }
  }

  private static void check(CheckedKvCache.CheckedLayer layer, Shape kv, Lengths lengths) {
    KvCacheSpec spec = layer.spec();
    if (kv.size(0) != spec.batch() || kv.size(2) != spec.kvChannels()) {
      throw ATTENTION.expected(
          "keys [%d, time, %d] as in the KV cache".formatted(spec.batch(), spec.kvChannels()), kv);
    }
    if (!lengths.isFull(kv.size(1))) {
      throw ATTENTION.expected(
          "every row to be " + kv.size(1) + " frames long with a KV cache", lengths);
    }
  }
}
