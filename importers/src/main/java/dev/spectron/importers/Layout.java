package dev.spectron.importers;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * How the values of a foreign tensor lie, compared with ours. Both ways, so that export is exact.
 */
sealed interface Layout {
  /** Their shape of a tensor that has shape {@code ours}. */
  Shape theirs(Shape ours);

  /** Their tensor as ours. */
  WeightData toOurs(WeightData theirs, Shape ours);

  /** Our tensor as theirs. */
  WeightData toTheirs(WeightData ours);

  /** The same. */
  record Same() implements Layout {
    @Override
    public Shape theirs(Shape ours) {
      return ours;
    }

    @Override
    public WeightData toOurs(WeightData theirs, Shape ours) {
      return theirs;
    }

    @Override
    public WeightData toTheirs(WeightData ours) {
      return ours;
    }
  }

  /**
   * Axes of one element at the end, as pointwise convolutions have for our matrices. Biases have
   * none.
   *
   * @param axes how many
   */
  record Pointwise(int axes) implements Layout {
    @Override
    public Shape theirs(Shape ours) {
      if (ours.rank() < 2) {
        return ours;
      }
      int[] sizes = Arrays.copyOf(ours.toArray(), ours.rank() + axes);
      Arrays.fill(sizes, ours.rank(), sizes.length, 1);
      return Shape.of(sizes);
    }

    @Override
    public WeightData toOurs(WeightData theirs, Shape ours) {
      return reshaped(theirs, ours);
    }

    @Override
    public WeightData toTheirs(WeightData ours) {
      return reshaped(ours, theirs(ours.shape()));
    }
  }

  /**
   * Columns of a matrix that count channels outside and bins inside; ours count bins outside.
   *
   * @param channels outer size of theirs
   */
  record ChannelsOutside(int channels) implements Layout {
    @Override
    public Shape theirs(Shape ours) {
      return ours;
    }

    @Override
    public WeightData toOurs(WeightData theirs, Shape ours) {
      return transposed(theirs, channels);
    }

    @Override
    public WeightData toTheirs(WeightData ours) {
      return transposed(ours, ours.shape().size(-1) / channels);
    }

    /** Each row {@code [outer, inner]} becomes {@code [inner, outer]}. A vector has no columns. */
    private static WeightData transposed(WeightData from, int outer) {
      if (from.shape().rank() < 2) {
        return from;
      }
      int columns = from.shape().size(-1);
      int inner = columns / outer;
      int width = from.dtype().bytes();
      MemorySegment to = MemorySegment.ofArray(new byte[Math.toIntExact(from.data().byteSize())]);
      long rows = from.shape().elements() / columns;
      for (long row = 0; row < rows; row++) {
        for (int c = 0; c < columns; c++) {
          long source = row * columns + c;
          long target = row * columns + (long) c % inner * outer + c / inner;
          MemorySegment.copy(from.data(), source * width, to, target * width, width);
        }
      }
      return new WeightData(from.path(), from.dtype(), from.shape(), to);
    }
  }

  /**
   * Rows of a head whose rotated pairs lie side by side: row 2·i + p is our row p·headDim / 2 + i.
   *
   * @param headDim rows of a head
   */
  record PairsTogether(int headDim) implements Layout {
    @Override
    public Shape theirs(Shape ours) {
      return ours;
    }

    @Override
    public WeightData toOurs(WeightData theirs, Shape ours) {
      return moved(theirs, true);
    }

    @Override
    public WeightData toTheirs(WeightData ours) {
      return moved(ours, false);
    }

    private WeightData moved(WeightData from, boolean apart) {
      int rows = from.shape().size(0);
      long width = from.data().byteSize() / rows;
      MemorySegment to = MemorySegment.ofArray(new byte[Math.toIntExact(from.data().byteSize())]);
      for (int row = 0; row < rows; row++) {
        int within = row % headDim;
        int together = row - within + 2 * (within % (headDim / 2)) + within / (headDim / 2);
        long source = (apart ? together : row) * width;
        long target = (apart ? row : together) * width;
        MemorySegment.copy(from.data(), source, to, target, width);
      }
      return new WeightData(from.path(), from.dtype(), from.shape(), to);
    }
  }

  private static WeightData reshaped(WeightData data, Shape shape) {
    return new WeightData(data.path(), data.dtype(), shape, data.data());
  }
}
