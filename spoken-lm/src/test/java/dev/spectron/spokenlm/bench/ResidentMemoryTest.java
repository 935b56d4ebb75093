package dev.spectron.spokenlm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.SpokenLmException;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  @Test
  void peakAndPresentAreReadFromTheirLines() {
    String status = "Name:\tjava\nVmPeak:\t  9 kB\nVmHWM:\t  300000 kB\nVmRSS:\t  20 kB\nx: 1\n";
    assertThat(ResidentMemory.parse(status)).isEqualTo(new ResidentMemory(20_480, 307_200_000));
  }

  @Test
  void aMissingLineIsNamed() {
    assertThatThrownBy(() -> ResidentMemory.parse("VmRSS:\t  20 kB\n"))
        .isInstanceOf(SpokenLmException.class)
        .hasMessageContaining("expected a line VmHWM in kB, found none");
  }

  @Test
  void memoryOutsideOfTheHeapCounts() {
    for (ResidentMemory before : ResidentMemory.ofThisProcess()) {
      try (Arena arena = Arena.ofConfined()) {
        arena.allocate(256L << 20).fill((byte) 1);
        ResidentMemory during = ResidentMemory.ofThisProcess().getFirst();
        assertThat(during.now()).isGreaterThan(before.now() + (200L << 20));
        assertThat(during.peak()).isGreaterThanOrEqualTo(during.now());
      }
    }
  }
}
