package dev.spectron.training.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Decides, from the recipe alone, which sentence is spoken by which voice and how. */
final class ContinuationPlan {
  private static final int DEV_TRAINING_VOICES = 2;

  private final SplittableRandom random;
  private final VoiceDraw draw;
  private final List<PlannedUtterance> utterances = new ArrayList<>();

  private ContinuationPlan(long seed) {
    this.random = new SplittableRandom(seed);
    this.draw = new VoiceDraw(random);
  }

  /** All utterances: training first, then dev. */
  static List<PlannedUtterance> of(ContinuationRecipe recipe) {
    ContinuationPlan plan = new ContinuationPlan(recipe.seed());
    List<String> training =
        recipe.sentences().stream().filter(sentence -> !Sentences.isHeldOut(sentence)).toList();
    for (String sentence : training) {
      plan.draw.training(recipe.renderings(), voice -> plan.add(Split.TRAIN, sentence, voice));
    }
    plan.draw.from(training, recipe.devSeen()).forEach(plan::addDev);
    recipe.sentences().stream().filter(Sentences::isHeldOut).forEach(plan::addDev);
    return List.copyOf(plan.utterances);
  }

  /** Two training voices, whose keeping can be expected, and one that training never has. */
  private void addDev(String sentence) {
    draw.from(Voices.trainingHuman(), DEV_TRAINING_VOICES)
        .forEach(voice -> add(Split.DEV, sentence, voice));
    add(Split.DEV, sentence, draw.from(Voices.heldOutHuman(), 1).getFirst());
  }

  private void add(Split split, String sentence, Voice voice) {
    String id = String.format(Locale.ROOT, "%s-%06d", split.label(), utterances.size());
    utterances.add(
        new PlannedUtterance(id, split, sentence, voice, Variation.drawVoice(random.split())));
  }
}
