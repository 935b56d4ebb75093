package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ragged moves of frames, as one gather by an index computed on the host. */
final class Frames {
  private Frames() {}

  static Tensor concat(DjlBackend backend, List<Tensor> parts, List<Lengths> lengths) {
    int total = 0;
    boolean full = true;
    Lengths joined = Lengths.full(lengths.getFirst().batch(), 0);
    for (int i = 0; i < parts.size(); i++) {
      int time = parts.get(i).shape().size(1);
      total = Math.addExact(total, time);
      full &= lengths.get(i).isFull(time);
      joined = joined.plus(lengths.get(i));
    }
    List<NDArray> arrays = new ArrayList<>();
    parts.forEach(part -> arrays.add(backend.array(part)));
    if (full) {
      return backend.call("gather_time", arrays, backend.absent(), backend.absent());
    }
    int time = joined.max();
    int[] index = new int[Math.multiplyExact(joined.batch(), time)];
    for (int row = 0; row < joined.batch(); row++) {
      int to = row * time;
      int from = row * total;
      for (int i = 0; i < parts.size(); i++) {
        for (int frame = 0; frame < lengths.get(i).at(row); frame++) {
          index[to++] = from + frame;
        }
        from += parts.get(i).shape().size(1);
      }
    }
    return gather(backend, arrays, index, joined, time);
  }

  static Tensor slice(DjlBackend backend, Tensor x, int[] starts, Lengths lengths) {
    int total = x.shape().size(1);
    int time = lengths.max();
    if (lengths.isFull(time) && Arrays.stream(starts).allMatch(start -> start == starts[0])) {
      return backend.call("narrow_time", x, starts[0], time);
    }
    int[] index = new int[Math.multiplyExact(lengths.batch(), time)];
    for (int row = 0; row < lengths.batch(); row++) {
      for (int frame = 0; frame < lengths.at(row); frame++) {
        index[row * time + frame] = row * total + starts[row] + frame;
      }
    }
    return gather(backend, List.of(backend.array(x)), index, lengths, time);
  }

  private static Tensor gather(
      DjlBackend backend, List<NDArray> parts, int[] index, Lengths lengths, int time) {
    NDArray indexArray = backend.host().longs(backend.manager(), index, new Shape(index.length));
    return backend.call("gather_time", parts, indexArray, backend.padding(lengths, time, 3));
  }
}
