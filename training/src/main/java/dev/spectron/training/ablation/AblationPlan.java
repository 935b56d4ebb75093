package dev.spectron.training.ablation;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.TrainingRecipe;
import dev.spectron.training.TrainingRecipe.Stage;
import dev.spectron.training.TrainingRecipe.Task;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Variants of a recipe and how to compare them, as a JSON file.
 *
 * @param recipe what a variant that leaves nothing out trains: at most one encoder and one text
 *     stage, which are pre-training and shared by the variants that keep them, then stages that
 *     every variant takes
 * @param variants at least one, each of another name
 * @param teacherForcedItems items of the development set that are measured fed the truth
 * @param questions items of the development set that are answered freely
 */
public record AblationPlan(
    TrainingRecipe recipe, List<Variant> variants, int teacherForcedItems, int questions) {
  private static final int MOST_VARIANTS = 64;
  private static final int MOST_ITEMS = 100_000;

  /**
   * Checks the plan.
   *
   * @throws TrainingException if a number is out of range, a name comes twice, stages are in
   *     another order, or a variant leaves out a stage that the recipe lacks
   */
  public AblationPlan {
    variants = List.copyOf(variants);
    require(
        !variants.isEmpty() && variants.size() <= MOST_VARIANTS,
        "variants",
        "1 to " + MOST_VARIANTS,
        variants.size());
    require(
        teacherForcedItems >= 1 && teacherForcedItems <= MOST_ITEMS,
        "teacher_forced_items",
        "1 to " + MOST_ITEMS,
        teacherForcedItems);
    require(
        questions >= 1 && questions <= MOST_ITEMS, "questions", "1 to " + MOST_ITEMS, questions);
    requireOrder(recipe.stages().stream().map(Stage::task).toList());
    Set<String> names = new HashSet<>();
    for (Variant variant : variants) {
      require(names.add(variant.name()), "variants", "each name once", variant.name() + " twice");
      requireStage(recipe, variant, variant.encoderPretraining(), Task.ENCODER);
      requireStage(recipe, variant, variant.textPretraining(), Task.TEXT);
    }
  }

  /** Pre-training stages of a variant, in order. */
  List<Stage> pretraining(Variant variant) {
    return recipe.stages().stream().filter(stage -> variant.pretrains(stage.task())).toList();
  }

  /** What a variant trains after its pre-training. */
  TrainingRecipe recipe(Variant variant) {
    return variant.change(
        recipe.with(
            recipe.stages().stream().filter(stage -> !isPretraining(stage.task())).toList()));
  }

  static boolean isPretraining(Task task) {
    return task == Task.ENCODER || task == Task.TEXT;
  }

  private static void requireOrder(List<Task> tasks) {
    List<Task> first = tasks.stream().takeWhile(AblationPlan::isPretraining).toList();
    List<Task> rest = tasks.subList(first.size(), tasks.size());
    require(
        rest.contains(Task.JOINT)
            && rest.stream().noneMatch(AblationPlan::isPretraining)
            && Set.copyOf(first).size() == first.size(),
        "recipe.stages",
        "encoder and text at most once each, then speech and joint",
        tasks);
  }

  private static void requireStage(
      TrainingRecipe recipe, Variant variant, boolean kept, Task task) {
    require(
        kept || recipe.stages().stream().anyMatch(stage -> stage.task() == task),
        "variants",
        "stages of the recipe to leave out",
        variant.name() + ", for which there is none");
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new TrainingException("plan: " + key + ": expected " + expected + ", found " + found);
    }
  }
}
