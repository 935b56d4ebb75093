package dev.spectron.training.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Decides, from the recipe alone, which question is spoken by which voice and how. */
final class CorpusPlan {
  private static final int LARGE_SUM_RENDERINGS = 2;
  private static final long LARGE_SUMS = 0x5;
  private static final long HARD = 0x6;
  private static final long PARAPHRASES = 0x7;
  private static final long OUTSIDE = 0x9;
  private static final long DEV_PARAPHRASES = 0xa;
  private static final long DEV_OUTSIDE = 0xb;

  private final CorpusRecipe recipe;
  private final SplittableRandom random;
  private final List<PlannedClip> clips = new ArrayList<>();

  private CorpusPlan(CorpusRecipe recipe, long seed) {
    this.recipe = recipe;
    this.random = new SplittableRandom(seed);
  }

  /** All clips: training first, then dev. */
  static List<PlannedClip> of(CorpusRecipe recipe) {
    return new CorpusPlan(recipe, recipe.seed()).plan();
  }

  private List<PlannedClip> plan() {
    List<Question> seen =
        recipe.questions().stream().filter(question -> !Split.isHeldOut(question)).toList();
    List<Question> heldOut = recipe.questions().stream().filter(Split::isHeldOut).toList();
    List<Question> trained = draw(seen, recipe.trainQuestions());
    for (Question question : trained) {
      addTraining(question, recipe.trainRenderings());
    }
    addTrainingExtras(trained);
    for (Question question : draw(trained, recipe.devSeenQuestions())) {
      addDev(question);
    }
    for (Question question : draw(heldOut, recipe.devHeldOutQuestions())) {
      addDev(question);
    }
    addDevExtras(trained);
    return List.copyOf(clips);
  }

  private void addTrainingExtras(List<Question> trained) {
    CorpusExtras extras = recipe.extras();
    apart(
        LARGE_SUMS,
        plan ->
            plan.draw(largeSums(), extras.largeSums())
                .forEach(sum -> plan.addTraining(sum, LARGE_SUM_RENDERINGS)));
    apart(HARD, plan -> plan.draw(trained, extras.hardQuestions()).forEach(plan::addHard));
    apart(
        PARAPHRASES,
        plan ->
            plan.draw(Paraphrases.training(trained), extras.paraphrases())
                .forEach(question -> plan.addTraining(question, 1)));
    if (extras.outsideRenderings() > 0) {
      apart(
          OUTSIDE,
          plan ->
              OutsideQuestions.training()
                  .forEach(question -> plan.addTraining(question, extras.outsideRenderings())));
    }
  }

  private void addDevExtras(List<Question> trained) {
    CorpusExtras extras = recipe.extras();
    apart(
        DEV_PARAPHRASES,
        plan ->
            plan.draw(Paraphrases.heldOut(trained), extras.devParaphrases())
                .forEach(plan::addDevHeldOutVoices));
    List<Question> outside = OutsideQuestions.all().stream().filter(Split::isHeldOut).toList();
    apart(
        DEV_OUTSIDE,
        plan -> plan.draw(outside, extras.devOutside()).forEach(plan::addDevHeldOutVoices));
  }

  /** Clips drawn from a random source of their own. */
  private void apart(long part, Consumer<CorpusPlan> addClips) {
    CorpusPlan apart = new CorpusPlan(recipe, recipe.seed() ^ part);
    addClips.accept(apart);
    for (PlannedClip clip : apart.clips) {
      clips.add(clip.named(id(clip.split())));
    }
  }

  private List<Question> largeSums() {
    Set<String> asked =
        recipe.questions().stream().map(Question::questionText).collect(Collectors.toSet());
    return ArithmeticTexts.training().stream()
        .filter(sum -> Set.of("add-large", "sub-large").contains(sum.category()))
        .filter(sum -> !asked.contains(sum.questionText()))
        .toList();
  }

  private void addTraining(Question question, int renderings) {
    int human = twoThirds(renderings);
    for (Voice voice : draw(repeated(Voices.trainingHuman(), human), human)) {
      add(Split.TRAIN, question, voice);
    }
    for (Voice voice : draw(Voices.trainingFormant(), renderings - human)) {
      add(Split.TRAIN, question, voice);
    }
  }

  private void addHard(Question question) {
    boolean human = twoThirds(1) == 1;
    Voice voice = draw(human ? Voices.trainingHuman() : Voices.trainingFormant(), 1).getFirst();
    clips.add(
        new PlannedClip(
            id(Split.TRAIN), Split.TRAIN, question, voice, Variation.drawHard(random.split())));
  }

  private int twoThirds(int renderings) {
    int thirds = 2 * renderings;
    return thirds / 3 + (random.nextInt(3) < thirds % 3 ? 1 : 0);
  }

  /** One held-out voice of each kind, and one training voice to compare with. */
  private void addDev(Question question) {
    addDevHeldOutVoices(question);
    add(
        Split.DEV,
        question,
        draw(random.nextBoolean() ? Voices.trainingHuman() : Voices.trainingFormant(), 1)
            .getFirst());
  }

  private void addDevHeldOutVoices(Question question) {
    add(Split.DEV, question, draw(Voices.heldOutHuman(), 1).getFirst());
    add(Split.DEV, question, draw(Voices.heldOutFormant(), 1).getFirst());
  }

  private void add(Split split, Question question, Voice voice) {
    clips.add(new PlannedClip(id(split), split, question, voice, Variation.draw(random.split())));
  }

  private String id(Split split) {
    return String.format(Locale.ROOT, "%s-%06d", split.label(), clips.size());
  }

  /** Few human-derived voices exist: more renderings than voices go round again. */
  private static List<Voice> repeated(List<Voice> voices, int wanted) {
    List<Voice> repeated = new ArrayList<>(voices);
    while (repeated.size() < wanted) {
      repeated.addAll(voices);
    }
    return repeated;
  }

  private <T> List<T> draw(List<T> from, int count) {
    if (count >= from.size()) {
      return from;
    }
    List<T> shuffled = new ArrayList<>(from);
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    return shuffled.subList(0, count);
  }
}
