package dev.spectron.core.backend;

import dev.spectron.core.backend.ReferenceKvCache.FrameStore;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.Arrays;

/** One attention call: each query of each head takes a softmax over the keys it may see. */
final class ReferenceAttention {
  private final AttentionSpec spec;
  private final Position position;
  private final int batch;
  private final int time;
  private final KvCache.Layer cache;

  ReferenceAttention(AttentionSpec spec, Position position, Shape query, KvCache.Layer cache) {
    this.spec = spec;
    this.position = position;
    this.batch = query.size(0);
    this.time = query.size(1);
    this.cache = cache;
  }

  double[] apply(double[] q, double[] k, double[] v, Lengths lengths) {
    int start = cache.position();
    double[] queries = q;
    double[] keys = k;
    if (position instanceof Position.Rotary rotary) {
      queries = rotate(q, spec.nHeads(), rotary, start);
      keys = rotate(k, spec.nKvHeads(), rotary, start);
    }
    FrameStore store =
        cache.isPresent()
            ? ReferenceKvCache.own(cache).append(keys, v, time)
            : new FrameStore(keys, v, time);
    ReferencePosition term = ReferencePosition.of(position, spec, start + time - 1, time - 1);
    double[] y = new double[q.length];
    for (int row = 0; row < batch; row++) {
      int valid = lengths.at(row);
      for (int t = 0; t < valid; t++) {
        for (int head = 0; head < spec.nHeads(); head++) {
          attend(queries, store, term, row, t, head, start, start + valid, y);
        }
      }
    }
    return y;
  }

  private void attend(
      double[] q,
      FrameStore store,
      ReferencePosition term,
      int row,
      int t,
      int head,
      int start,
      int nKeys,
      double[] y) {
    int headDim = spec.headDim();
    int kvChannels = spec.nKvHeads() * headDim;
    int kvHead = head / (spec.nHeads() / spec.nKvHeads());
    int query = ((row * time + t) * spec.nHeads() + head) * headDim;
    int firstKey = row * store.frames() * kvChannels + kvHead * headDim;
    double[] scores = new double[nKeys];
    Arrays.fill(scores, Double.NEGATIVE_INFINITY);
    for (int key = 0; key < nKeys; key++) {
      if (spec.mask().allows(row, start + t, key)) {
        double sum = term.score(q, query, head, start + t - key);
        for (int c = 0; c < headDim; c++) {
          sum += q[query + c] * store.keys()[firstKey + key * kvChannels + c];
        }
        sum += term.keyBias(store.keys(), firstKey + key * kvChannels, head);
        scores[key] = spec.scale() * sum;
      }
    }
    softmax(scores);
    for (int key = 0; key < nKeys; key++) {
      if (scores[key] > 0) {
        for (int c = 0; c < headDim; c++) {
          y[query + c] += scores[key] * store.values()[firstKey + key * kvChannels + c];
        }
      }
    }
  }

  private static void softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }

  private double[] rotate(double[] x, int nHeads, Position.Rotary rotary, int start) {
    double[] frequencies = rotary.frequencies();
    int half = rotary.dims() / 2;
    double[] y = x.clone();
    for (int t = 0; t < time; t++) {
      for (int c = 0; c < half; c++) {
        double angle = (start + t) * frequencies[c];
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        for (int row = 0; row < batch; row++) {
          for (int head = 0; head < nHeads; head++) {
            int at = ((row * time + t) * nHeads + head) * spec.headDim() + c;
            y[at] = x[at] * cos - x[at + half] * sin;
            y[at + half] = x[at + half] * cos + x[at] * sin;
          }
        }
      }
    }
    return y;
  }
}
