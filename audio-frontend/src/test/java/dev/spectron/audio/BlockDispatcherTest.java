package dev.spectron.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockDispatcherTest {
  @Test
  void theBlocksAreTheStream() {
    float[] samples = new float[1000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (i - 500) / 512f;
    }
    List<float[]> blocks = new ArrayList<>();
    BlockDispatcher.run(stream(samples), 16_000, 160, blocks::add);
    assertThat(blocks)
        .extracting(block -> block.length)
        .containsExactly(160, 160, 160, 160, 160, 160, 40);
    int at = 0;
    for (float[] block : blocks) {
      for (float sample : block) {
        assertThat(Math.abs(sample - samples[at++])).isLessThan(1e-4f);
      }
    }
  }

  @Test
  void itStopsWhenEnoughWasHeard() {
    List<float[]> blocks = new ArrayList<>();
    BlockDispatcher.run(
        stream(new float[16_000]),
        16_000,
        160,
        block -> {
          blocks.add(block);
          return blocks.size() < 3;
        });
    assertThat(blocks).hasSize(3);
  }

  private static ByteArrayInputStream stream(float[] samples) {
    return new ByteArrayInputStream(SampleCoding.PCM_16.encode(samples));
  }
}
