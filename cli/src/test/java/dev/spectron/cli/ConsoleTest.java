package dev.spectron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsoleTest {
  @Test
  void nobodyWatchesWithoutATerminal() {
    assertThat(Console.standard().terminal().getAsBoolean()).isFalse();
  }
}
