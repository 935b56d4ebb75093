package dev.spectron.core.backend;

import dev.spectron.core.backend.SideBySide.Values;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operations that lay out frames, and the spectrogram: copies are exact. */
public interface TimeContract extends OperationContract {
  @Test
  default void concatTimeJoinsValidFrames() {
    for (int channels : new int[] {1, 7, 16, 33}) {
      Lengths first = Lengths.of(3, 0, 8, 0);
      Lengths second = Lengths.of(1, 2, 0, 0);
      Lengths third = Lengths.of(7, 7, 1, 0);
      Values a = sides().random(4, 8, channels).poisoned(first, POISON);
      Values b = sides().random(4, 2, channels).poisoned(second, POISON);
      Values c = sides().random(4, 7, channels).poisoned(third, POISON);
      sides()
          .agreePadded(
              "concatTime",
              0,
              first.plus(second).plus(third),
              s ->
                  s.backend()
                      .concatTime(List.of(s.x(a), s.x(b), s.x(c)), List.of(first, second, third)));
      sides()
          .agreePadded(
              "concatTime of one",
              0,
              second,
              s -> s.backend().concatTime(List.of(s.x(b)), List.of(second)));
    }
  }

  @Test
  default void sliceTimeCutsEachRowAtItsOwnPlace() {
    for (int channels : new int[] {1, 7, 16, 33}) {
      Values x = sides().random(4, 17, channels);
      Lengths lengths = Lengths.of(3, 0, 17, 5);
      sides()
          .agreePadded(
              "sliceTime",
              0,
              lengths,
              s -> s.backend().sliceTime(s.x(x), new int[] {14, 17, 0, 3}, lengths));
    }
  }

  @Test
  default void upsampleTimeRepeatsFrames() {
    for (int channels : new int[] {1, 7, 16, 33}) {
      for (int factor : new int[] {1, 2, 5}) {
        Values x = sides().random(2, 8, channels);
        sides().agree("upsampleTime", 0, s -> s.backend().upsampleTime(s.x(x), factor));
      }
    }
  }

  @Test
  default void reshapeKeepsTheOrder() {
    Values x = sides().random(2, 6, 5);
    for (Shape shape : List.of(Shape.of(60), Shape.of(2, 3, 2, 5), Shape.of(2, 2, 15))) {
      sides().agree("reshape", 0, s -> s.backend().reshape(s.x(x), shape));
    }
  }

  @Test
  default void reshapedTensorsGoOnAsOthersDo() {
    Values x = sides().random(2, 6, 8);
    WeightData weight = sides().weight(7, 4);
    sides()
        .agree(
            "linear of reshape",
            4,
            s ->
                s.backend()
                    .linear(
                        s.backend().reshape(s.x(x), Shape.of(2, 12, 4)),
                        s.w(weight),
                        Weight.none()));
  }

  @Test
  default void powerSpectrogramAgreesForEverySize() {
    // samples, FFT, window, hop
    int[][] cases = {
      {257, 64, 64, 16}, {100, 64, 33, 17}, {33, 64, 64, 64}, {600, 512, 400, 100}, {5, 8, 7, 1}
    };
    for (int[] c : cases) {
      Values x = sides().random(2, c[0], 1);
      sides()
          .agree(
              "powerSpectrogram of %d samples, FFT %d, window %d, hop %d"
                  .formatted(c[0], c[1], c[2], c[3]),
              c[1],
              s -> s.backend().powerSpectrogram(s.x(x), c[1], c[2], c[3]));
    }
  }
}
