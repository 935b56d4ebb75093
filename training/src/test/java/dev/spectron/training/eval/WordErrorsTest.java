package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordErrorsTest {
  @Test
  void eachKindOfErrorCountsOnce() {
    assertThat(WordErrors.between("a b c", "a b c")).isEqualTo(new WordErrors(0, 3));
    assertThat(WordErrors.between("a b c", "a x c")).isEqualTo(new WordErrors(1, 3));
    assertThat(WordErrors.between("a b c", "a c")).isEqualTo(new WordErrors(1, 3));
    assertThat(WordErrors.between("a b c", "a b b c")).isEqualTo(new WordErrors(1, 3));
    assertThat(WordErrors.between("a b c", "")).isEqualTo(new WordErrors(3, 3));
    assertThat(WordErrors.between("", "a b")).isEqualTo(new WordErrors(2, 0));
  }

  @Test
  void theFewestErrorsAreFound() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int trial = 0; trial < 200; trial++) {
      List<String> reference = words(random);
      List<String> found = words(random);
      assertThat(WordErrors.between(String.join(" ", reference), String.join("  ", found)).errors())
          .as("seed %d: %s against %s", seed, found, reference)
          .isEqualTo(fewest(reference, found));
    }
  }

  @Test
  void ratesAreOverAllWords() {
    WordErrors sum = new WordErrors(1, 3).plus(new WordErrors(2, 7));
    assertThat(sum).isEqualTo(new WordErrors(3, 10));
    assertThat(sum.rate()).isEqualTo(0.3);
    assertThat(WordErrors.NONE.rate()).isZero();
  }

  private static List<String> words(Random random) {
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      words.add(List.of("one", "two", "three").get(random.nextInt(3)));
    }
    return words;
  }

  /** Tries every alignment. */
  private static int fewest(List<String> reference, List<String> found) {
    if (reference.isEmpty() || found.isEmpty()) {
      return reference.size() + found.size();
    }
    List<String> referenceRest = reference.subList(1, reference.size());
    List<String> foundRest = found.subList(1, found.size());
    int replaced = reference.getFirst().equals(found.getFirst()) ? 0 : 1;
    return Math.min(
        replaced + fewest(referenceRest, foundRest),
        1 + Math.min(fewest(referenceRest, found), fewest(reference, foundRest)));
  }

  @Test
  void theTailThatFitsBestIsDue() {
    assertThat(WordErrors.atEndOf("he has known her all her life", "all her life"))
        .isEqualTo(new WordErrors(0, 3));
    assertThat(WordErrors.atEndOf("he has known her all her life", "all my life"))
        .isEqualTo(new WordErrors(1, 3));
    assertThat(WordErrors.atEndOf("he has", "")).isEqualTo(new WordErrors(0, 0));
    assertThat(WordErrors.atEndOf("", "so it is")).isEqualTo(new WordErrors(3, 3));
  }
}
