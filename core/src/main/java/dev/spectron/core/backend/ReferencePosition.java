package dev.spectron.core.backend;

/** What a position adds to the score q·k of one query and key, before scaling. */
sealed interface ReferencePosition {
  /**
   * The term in the query.
   *
   * @param q queries, from {@code query} on those of {@code head}
   * @param distance query position minus key position
   */
  double score(double[] q, int query, int head, int distance);

  /** The term in the key alone; {@code k} holds the key from {@code key} on. */
  default double keyBias(double[] k, int key, int head) {
    return 0;
  }

  /**
   * The term of a position.
   *
   * @param before largest distance from a query back to a key
   * @param after largest distance from a query on to a key
   */
  static ReferencePosition of(Position position, AttentionSpec spec, int before, int after) {
    return switch (position) {
      case Position.None _, Position.Rotary _ -> new Nothing();
      case Position.TransformerXl xl -> new Sinusoids(xl, spec, before, after);
      case Position.Shaw shaw -> new Distances(shaw, spec.headDim());
    };
  }

  /** Rotary positions are in queries and keys already. */
  record Nothing() implements ReferencePosition {
    @Override
    public double score(double[] q, int query, int head, int distance) {
      return 0;
    }
  }

  /** u·k + (q + v)·P·R(distance). */
  final class Sinusoids implements ReferencePosition {
    private final double[] u;
    private final double[] v;
    private final int headDim;
    private final int after;
    private final double[][] projected;

    Sinusoids(Position.TransformerXl xl, AttentionSpec spec, int before, int after) {
      this.u = ReferenceWeight.values(xl.u());
      this.v = ReferenceWeight.values(xl.v());
      this.headDim = spec.headDim();
      this.after = after;
      this.projected = new double[before + after + 1][];
      for (int i = 0; i < projected.length; i++) {
        projected[i] = project(xl.projection(), i - after);
      }
    }

    private static double[] project(Weight projection, int distance) {
      double[] p = ReferenceWeight.values(projection);
      double[] r = Position.TransformerXl.sinusoid(distance, projection.shape().size(1));
      double[] y = new double[projection.shape().size(0)];
      for (int o = 0; o < y.length; o++) {
        for (int i = 0; i < r.length; i++) {
          y[o] += p[o * r.length + i] * r[i];
        }
      }
      return y;
    }

    @Override
    public double score(double[] q, int query, int head, int distance) {
      double[] r = projected[distance + after];
      double sum = 0;
      for (int c = 0; c < headDim; c++) {
        sum += (q[query + c] + v[head * headDim + c]) * r[head * headDim + c];
      }
      return sum;
    }

    @Override
    public double keyBias(double[] k, int key, int head) {
      double sum = 0;
      for (int c = 0; c < headDim; c++) {
        sum += u[head * headDim + c] * k[key + c];
      }
      return sum;
    }
  }

  /** q·D[clip(−distance)]. */
  record Distances(Position.Shaw shaw, int headDim) implements ReferencePosition {
    @Override
    public double score(double[] q, int query, int head, int distance) {
      double[] d = ReferenceWeight.values(shaw.distances());
      int row = Math.clamp(-distance, -shaw.left(), shaw.right()) + shaw.left();
      double sum = 0;
      for (int c = 0; c < headDim; c++) {
        sum += q[query + c] * d[row * headDim + c];
      }
      return sum;
    }
  }
}
