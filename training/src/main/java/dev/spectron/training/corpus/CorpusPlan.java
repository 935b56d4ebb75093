package dev.spectron.training.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private final VoiceDraw draw;
  private final List<PlannedClip> clips = new ArrayList<>();

  private CorpusPlan(CorpusRecipe recipe, long seed) {
    this.recipe = recipe;
    this.random = new SplittableRandom(seed);
    this.draw = new VoiceDraw(random);
  }

  /** All clips: training first, then dev. */
  static List<PlannedClip> of(CorpusRecipe recipe) {
    return new CorpusPlan(recipe, recipe.seed()).plan();
  }

  private List<PlannedClip> plan() {
    List<Question> seen =
        recipe.questions().stream().filter(question -> !Split.isHeldOut(question)).toList();
    List<Question> heldOut = recipe.questions().stream().filter(Split::isHeldOut).toList();
    List<Question> trained = draw.from(seen, recipe.trainQuestions());
    for (Question question : trained) {
      addTraining(question, recipe.trainRenderings());
    }
    addTrainingExtras(trained);
    for (Question question : draw.from(trained, recipe.devSeenQuestions())) {
      addDev(question);
    }
    for (Question question : draw.from(heldOut, recipe.devHeldOutQuestions())) {
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
            plan.draw
                .from(largeSums(), extras.largeSums())
                .forEach(sum -> plan.addTraining(sum, LARGE_SUM_RENDERINGS)));
    apart(HARD, plan -> plan.draw.from(trained, extras.hardQuestions()).forEach(plan::addHard));
    apart(
        PARAPHRASES,
        plan ->
            plan.draw
                .from(Paraphrases.training(trained), extras.paraphrases())
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
            plan.draw
                .from(Paraphrases.heldOut(trained), extras.devParaphrases())
                .forEach(plan::addDevHeldOutVoices));
    List<Question> outside = OutsideQuestions.all().stream().filter(Split::isHeldOut).toList();
    apart(
        DEV_OUTSIDE,
        plan -> plan.draw.from(outside, extras.devOutside()).forEach(plan::addDevHeldOutVoices));
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
    draw.training(renderings, voice -> add(Split.TRAIN, question, voice));
  }

  private void addHard(Question question) {
    Voice voice = draw.training();
    clips.add(
        new PlannedClip(
            id(Split.TRAIN), Split.TRAIN, question, voice, Variation.drawHard(random.split())));
  }

  /** One held-out voice of each kind, and one training voice to compare with. */
  private void addDev(Question question) {
    addDevHeldOutVoices(question);
    add(
        Split.DEV,
        question,
        draw.from(random.nextBoolean() ? Voices.trainingHuman() : Voices.trainingFormant(), 1)
            .getFirst());
  }

  private void addDevHeldOutVoices(Question question) {
    add(Split.DEV, question, draw.from(Voices.heldOutHuman(), 1).getFirst());
    add(Split.DEV, question, draw.from(Voices.heldOutFormant(), 1).getFirst());
  }

  private void add(Split split, Question question, Voice voice) {
    clips.add(new PlannedClip(id(split), split, question, voice, Variation.draw(random.split())));
  }

  private String id(Split split) {
    return String.format(Locale.ROOT, "%s-%06d", split.label(), clips.size());
  }
}
