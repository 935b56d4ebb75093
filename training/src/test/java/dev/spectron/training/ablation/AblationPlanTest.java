package dev.spectron.training.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.training.TrainingRecipe;
import dev.spectron.training.TrainingRecipe.Stage;
import dev.spectron.training.TrainingRecipe.Task;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AblationPlanTest {
  private static final AblationPlan PLAN = ToyPlan.of();

  @Test
  void whatAVariantDoesNotSayIsKept() {
    Variant whole = Json.parse("variant", "{\"name\": \"whole\"}", Variant.class);
    assertThat(whole).isEqualTo(new Variant("whole", true, true, true, true, true));
    assertThat(PLAN.recipe(whole).weights()).isEqualTo(PLAN.recipe().weights());
    assertThat(PLAN.recipe(whole).preNetBottleneck()).isEqualTo(PLAN.recipe().preNetBottleneck());
    assertThat(tasks(PLAN.recipe(whole).stages())).containsExactly(Task.JOINT);
    assertThat(tasks(PLAN.pretraining(whole))).containsExactly(Task.TEXT, Task.ENCODER);
  }

  @Test
  void aVariantLeavesOutWhatItSaysAndNothingElse() {
    TrainingRecipe whole = PLAN.recipe(variant("whole"));
    assertThat(PLAN.recipe(variant("no-derivative-losses")))
        .isEqualTo(whole.with(whole.weights().withoutDeltas()))
        .satisfies(recipe -> assertThat(recipe.weights().timeDeltaOrders()).isZero())
        .satisfies(recipe -> assertThat(recipe.weights().frequencyDeltaOrders()).isZero());
    assertThat(PLAN.recipe(variant("no-text-cross-entropy")))
        .isEqualTo(whole.with(whole.weights().withoutText()))
        .satisfies(recipe -> assertThat(recipe.weights().text()).isZero());
    assertThat(PLAN.recipe(variant("no-bottleneck")))
        .isEqualTo(whole.withPreNetBottleneck(48))
        .satisfies(
            recipe ->
                assertThat(recipe.sizes().nets().preNetBottleneck())
                    .isEqualTo(recipe.sizes().lm().dModel()));
    assertThat(PLAN.recipe(variant("no-encoder-pretraining"))).isEqualTo(whole);
    assertThat(tasks(PLAN.pretraining(variant("no-encoder-pretraining"))))
        .containsExactly(Task.TEXT);
    assertThat(PLAN.recipe(variant("no-text-pretraining"))).isEqualTo(whole);
    assertThat(tasks(PLAN.pretraining(variant("no-text-pretraining"))))
        .containsExactly(Task.ENCODER);
  }

  @Test
  void theCommittedPlanIsReadAndComparesWhatThePaperCompared() {
    AblationPlan plan = Json.read(Path.of("recipes/ablation-mini.json"), AblationPlan.class);
    assertThat(plan.variants())
        .extracting(Variant::name)
        .containsExactly(
            "whole",
            "no-derivative-losses",
            "no-text-cross-entropy",
            "no-encoder-pretraining",
            "no-text-pretraining",
            "no-bottleneck");
    assertThat(plan.recipe(plan.variants().getLast()).preNetBottleneck()).isEqualTo(192);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "derivative_losses":true|"derivatives":true|plan.json: variants[0].derivatives: unknown key; expected one of
          "derivative_losses":true|"derivative_losses":3|plan.json: variants[0].derivative_losses: expected true or false, found 3
          "name":"whole"|"name":"../whole"|name: expected at most 40 lower-case letters, digits and hyphens, found ../whole
          "name":"whole"|"name":"no-bottleneck"|plan: variants: expected each name once, found no-bottleneck twice
          "task":"joint","steps":2|"task":"joint","steps":-2|recipe: steps: expected at least 1, found -2
          "task":"joint"|"task":"speech"|plan: recipe.stages: expected encoder and text at most once each, then speech and joint, found [TEXT, ENCODER, SPEECH]
          "task":"encoder"|"task":"text"|plan: recipe.stages: expected encoder and text at most once each, then speech and joint, found [TEXT, TEXT, JOINT]
          "task":"encoder"|"task":"speech"|plan: variants: expected stages of the recipe to leave out, found no-encoder-pretraining, for which there is none
          "questions":2|"questions":0|plan: questions: expected 1 to 100000, found 0
          "teacher_forced_items":3|"teacher_forced_items":1000000|plan: teacher_forced_items: expected 1 to 100000, found 1000000
          """)
  void aPlanThatIsWrongIsNamed(String from, String to, String message) {
    String json = Json.line(PLAN);
    assertThat(json).contains(from);
    String wrong =
        json.substring(0, json.indexOf(from))
            + to
            + json.substring(json.indexOf(from) + from.length());
    assertThatThrownBy(() -> Json.parse("plan.json", wrong, AblationPlan.class))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(message);
  }

  private static Variant variant(String name) {
    return PLAN.variants().stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Task> tasks(List<Stage> stages) {
    return stages.stream().map(Stage::task).toList();
  }
}
