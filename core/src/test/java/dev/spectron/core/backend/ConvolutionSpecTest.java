package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.ShapeException;
import org.junit.jupiter.api.Test;

class ConvolutionSpecTest {
  @Test
  void sameAndCausalKeepTheTime() {
    for (int kernel = 1; kernel < 6; kernel++) {
      for (int dilation = 1; dilation < 4; dilation++) {
        for (int time = 0; time < 20; time++) {
          assertThat(Conv1dSpec.same(kernel, dilation, 1).outputTime(time)).isEqualTo(time);
          assertThat(Conv1dSpec.causal(kernel, dilation, 1).outputTime(time)).isEqualTo(time);
        }
      }
    }
  }

  @Test
  void outputTimeCountsThePlacesWhereAllTapsFit() {
    Conv1dSpec spec = new Conv1dSpec(3, 2, 2, 1, 0, 1);
    for (int time = 1; time < 30; time++) {
      int places = 0;
      for (int first = -1; first + 4 <= time - 1; first += 2) {
        places++;
      }
      assertThat(spec.outputTime(time)).as("time " + time).isEqualTo(places);
    }
    assertThat(new Conv2dSpec(3, 2, 0, 1).outputTime(2)).isZero();
    assertThat(new Conv2dSpec(3, 2, 1, 1).outputTime(8)).isEqualTo(4);
    assertThat(new Conv2dSpec(3, 2, 1, 1).outputTime(0)).isZero();
  }

  @Test
  void sizesThatOverflowAreRefused() {
    assertThatThrownBy(() -> new Conv1dSpec(1 << 16, 1, 1 << 16, 0, 0, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "conv1d: expected taps and padding within 2^30 frames, found kernel 65536, dilation 65536, padding 0 and 0");
    assertThatThrownBy(() -> Conv1dSpec.same(1 << 30, 1 << 30, 1))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> new Conv2dSpec(3, 1, Integer.MAX_VALUE, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessage("conv2d: expected padding below 2^29, found 2147483647");
    assertThatThrownBy(() -> AttentionSpec.of(1 << 16, 1, 1 << 16, new AttentionMask.Full()))
        .isInstanceOf(ShapeException.class)
        .hasMessage("attention: n_heads 65536 times head_dim 65536 overflows");
    assertThat(new Conv1dSpec(1, 1, 1, 0, 0, 1).outputTime(Integer.MAX_VALUE))
        .isEqualTo(Integer.MAX_VALUE);
  }
}
