package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.TrainingException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CorpusPlanTest {
  private static final List<PlannedClip> CLIPS = CorpusPlan.of(CorpusRecipe.standard(20, 1));

  @Test
  void trainingHearsEveryQuestionThatIsNotHeldOutEightTimes() {
    Map<String, Long> renderings =
        CLIPS.stream()
            .filter(clip -> clip.split() == Split.TRAIN)
            .collect(
                Collectors.groupingBy(clip -> clip.question().question(), Collectors.counting()));
    assertThat(renderings)
        .hasSize(
            1000 + (int) QuestionTable.mini().stream().filter(q -> !Split.isHeldOut(q)).count());
    assertThat(renderings.values().stream().filter(count -> count == 2)).hasSize(1000);
    assertThat(renderings.values()).containsOnly(8L, 2L);
  }

  @Test
  void largeSumsChangeNoOtherClip() {
    CorpusRecipe without =
        new CorpusRecipe("none", 20, QuestionTable.mini(), Integer.MAX_VALUE, 8, 0, 300, 150, 1);
    List<PlannedClip> others = CorpusPlan.of(without);
    int trained = (int) others.stream().filter(clip -> clip.split() == Split.TRAIN).count();
    assertThat(CLIPS).hasSize(others.size() + 2000);
    assertThat(CLIPS.subList(0, trained)).isEqualTo(others.subList(0, trained));
    assertThat(CLIPS.subList(trained, trained + 2000))
        .allSatisfy(clip -> assertThat(clip.question().category()).endsWith("-large"));
    for (int i = trained; i < others.size(); i++) {
      PlannedClip other = others.get(i);
      assertThat(CLIPS.get(i + 2000).named(other.id())).isEqualTo(other);
    }
  }

  @Test
  void trainingHearsNoHeldOutQuestionAndNoHeldOutVoice() {
    assertThat(CLIPS.stream().filter(clip -> clip.split() == Split.TRAIN))
        .noneMatch(clip -> Split.isHeldOut(clip.question()))
        .noneMatch(clip -> Voices.isHeldOut(clip.voice()));
    Set<String> devHeldOut =
        CLIPS.stream()
            .map(PlannedClip::question)
            .filter(Split::isHeldOut)
            .map(Question::key)
            .collect(Collectors.toSet());
    assertThat(
            CLIPS.stream()
                .filter(clip -> clip.split() == Split.TRAIN)
                .map(clip -> clip.question().key()))
        .doesNotContainAnyElementsOf(devHeldOut);
  }

  @Test
  void twoThirdsOfTheTrainingClipsAreFromHumanDerivedVoices() {
    double share =
        CLIPS.stream()
            .filter(clip -> clip.split() == Split.TRAIN)
            .mapToInt(clip -> clip.voice().isHumanDerived() ? 1 : 0)
            .average()
            .orElseThrow();
    assertThat(share).isBetween(0.655, 0.675);
  }

  @Test
  void everyDevQuestionIsHeardInTwoHeldOutVoicesAndOneTrainingVoice() {
    Map<String, List<PlannedClip>> byQuestion =
        CLIPS.stream()
            .filter(clip -> clip.split() == Split.DEV)
            .collect(Collectors.groupingBy(clip -> clip.question().question()));
    assertThat(byQuestion.size()).isBetween(400, 450);
    assertThat(byQuestion.values())
        .allSatisfy(
            renderings -> {
              assertThat(renderings).hasSize(3);
              assertThat(renderings.stream().filter(clip -> Voices.isHeldOut(clip.voice())))
                  .hasSize(2);
            });
  }

  @Test
  void thePlanDependsOnTheSeedOnly() {
    assertThat(CorpusPlan.of(CorpusRecipe.standard(20, 2))).isEqualTo(CLIPS);
    assertThat(CorpusPlan.of(CorpusRecipe.standard(21, 1))).isNotEqualTo(CLIPS);
  }

  @Test
  void theSmokeCorpusHasThreeHundredQuestionsTwice() {
    List<PlannedClip> smoke = CorpusPlan.of(CorpusRecipe.smoke(1, 1));
    assertThat(smoke.stream().filter(clip -> clip.split() == Split.TRAIN)).hasSize(600);
  }

  @Test
  void aHeldOutQuestionCannotBePlannedForTraining() {
    PlannedClip dev =
        CLIPS.stream().filter(clip -> Split.isHeldOut(clip.question())).findFirst().orElseThrow();
    assertThatThrownBy(
            () ->
                new PlannedClip(
                    dev.id(), Split.TRAIN, dev.question(), Voices.ANSWER, dev.variation()))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("split: expected a training question, found the held-out");
  }

  @Test
  void impossibleRecipesAreRefused() {
    assertThatThrownBy(() -> new CorpusRecipe("none", 1, List.of(), 1, 1, 0, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("corpus recipe: questions: expected at least one, found 0");
    assertThatThrownBy(() -> CorpusRecipe.smoke(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("corpus recipe: jobs: expected 1 to 256, found 0");
  }
}
