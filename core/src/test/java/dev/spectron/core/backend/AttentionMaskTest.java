package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.ShapeException;
import dev.spectron.core.tensor.Lengths;
import org.junit.jupiter.api.Test;

/** Masks as small matrices: a line is a query, a column a key, {@code #} is seen. */
class AttentionMaskTest {
  @Test
  void fullSeesEverything() {
    assertThat(matrix(new AttentionMask.Full(), 0, 3))
        .isEqualTo(
            """
            ###
            ###
            ###
            """);
  }

  @Test
  void causalSeesUpToItself() {
    assertThat(matrix(new AttentionMask.Causal(), 0, 4))
        .isEqualTo(
            """
            #...
            ##..
            ###.
            ####
            """);
  }

  @Test
  void prefixSeesItsOwnRowsPrefixBothWays() {
    AttentionMask mask = new AttentionMask.Prefix(Lengths.of(3, 1, 0));
    assertThat(matrix(mask, 0, 5))
        .isEqualTo(
            """
            ###..
            ###..
            ###..
            ####.
            #####
            """);
    assertThat(matrix(mask, 1, 3)).isEqualTo(matrix(new AttentionMask.Causal(), 0, 3));
    assertThat(matrix(mask, 2, 3)).isEqualTo(matrix(new AttentionMask.Causal(), 0, 3));
  }

  @Test
  void chunkedSeesItsChunkAndItsContext() {
    assertThat(matrix(new AttentionMask.Chunked(2, 1, 0), 0, 6))
        .isEqualTo(
            """
            ##....
            ##....
            .###..
            .###..
            ...###
            ...###
            """);
    assertThat(matrix(new AttentionMask.Chunked(3, 2, 1), 0, 7))
        .isEqualTo(
            """
            ####...
            ####...
            ####...
            .######
            .######
            .######
            ....###
            """);
  }

  @Test
  void chunkSizesAreChecked() {
    assertThatThrownBy(() -> new AttentionMask.Chunked(0, 1, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "chunked attention: expected size >= 1 and contexts >= 0, found size 0, left 1, right 1");
  }

  private static String matrix(AttentionMask mask, int row, int time) {
    StringBuilder matrix = new StringBuilder();
    for (int query = 0; query < time; query++) {
      for (int key = 0; key < time; key++) {
        matrix.append(mask.allows(row, query, key) ? '#' : '.');
      }
      matrix.append('\n');
    }
    return matrix.toString();
  }
}
