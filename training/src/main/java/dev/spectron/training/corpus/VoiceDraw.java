package dev.spectron.training.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Draws voices and texts for a plan, all from one random source. */
record VoiceDraw(SplittableRandom random) {
  /** Training voices, two thirds of them human-derived; few of those exist, so they go round. */
  void training(int renderings, Consumer<Voice> each) {
    int human = twoThirds(renderings);
    from(repeated(Voices.trainingHuman(), human), human).forEach(each);
    from(Voices.trainingFormant(), renderings - human).forEach(each);
  }

  /** A training voice, by two chances in three a human-derived one. */
  Voice training() {
    boolean human = twoThirds(1) == 1;
    return from(human ? Voices.trainingHuman() : Voices.trainingFormant(), 1).getFirst();
  }

  /** Some of a list in random order; all of it in its own order if it has no more. */
  <T> List<T> from(List<T> list, int count) {
    if (count >= list.size()) {
      return list;
    }
    List<T> shuffled = new ArrayList<>(list);
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    return shuffled.subList(0, count);
  }

  private int twoThirds(int renderings) {
    int thirds = 2 * renderings;
    return thirds / 3 + (random.nextInt(3) < thirds % 3 ? 1 : 0);
  }

  private static List<Voice> repeated(List<Voice> voices, int wanted) {
    List<Voice> repeated = new ArrayList<>(voices);
    while (repeated.size() < wanted) {
      repeated.addAll(voices);
    }
    return repeated;
  }
}
