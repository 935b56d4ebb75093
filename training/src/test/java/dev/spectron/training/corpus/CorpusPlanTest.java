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
  void trainingHearsEveryQuestionThatIsNotHeldOutEightTimesAndOnceUnderHardConditions() {
    Set<String> domain =
        QuestionTable.mini().stream().map(Question::question).collect(Collectors.toSet());
    Map<String, Long> renderings =
        CLIPS.stream()
            .filter(clip -> clip.split() == Split.TRAIN)
            .map(clip -> clip.question().question())
            .filter(domain::contains)
            .collect(Collectors.groupingBy(question -> question, Collectors.counting()));
    assertThat(renderings)
        .hasSize((int) QuestionTable.mini().stream().filter(q -> !Split.isHeldOut(q)).count());
    assertThat(renderings.values()).containsOnly(9L);
  }

  @Test
  void extrasChangeNoOtherClip() {
    CorpusExtras extras = new CorpusExtras(30, 20, 10, 1, 7, 5);
    List<PlannedClip> without = CorpusPlan.of(recipe(CorpusExtras.none()));
    List<PlannedClip> with = CorpusPlan.of(recipe(extras));
    int outside = OutsideQuestions.training().size();
    int trained = count(without, Split.TRAIN);
    int added = 2 * 30 + 20 + 10 + outside;
    assertThat(count(with, Split.TRAIN)).isEqualTo(trained + added);
    assertThat(with).hasSize(without.size() + added + 2 * (7 + 5));
    assertThat(with.subList(0, trained)).isEqualTo(without.subList(0, trained));
    for (int i = trained; i < without.size(); i++) {
      PlannedClip other = without.get(i);
      assertThat(with.get(i + added).named(other.id())).isEqualTo(other);
    }
    List<PlannedClip> fewer = CorpusPlan.of(recipe(new CorpusExtras(30, 0, 10, 1, 0, 5)));
    assertThat(unnamed(with)).containsAll(unnamed(fewer));
  }

  @Test
  void devHasWordingsAndOutsideQuestionsThatTrainingNeverHears() {
    List<PlannedClip> dev = CLIPS.stream().filter(clip -> clip.split() == Split.DEV).toList();
    Set<String> trained =
        CLIPS.stream()
            .filter(clip -> clip.split() == Split.TRAIN)
            .map(clip -> clip.question().questionText())
            .collect(Collectors.toSet());
    assertThat(trained).noneMatch(Paraphrases::isHeldOut);
    List<String> paraphrases =
        dev.stream()
            .map(clip -> clip.question().questionText())
            .filter(Paraphrases::isHeldOut)
            .toList();
    assertThat(paraphrases).hasSize(300);
    List<String> outside =
        dev.stream()
            .map(PlannedClip::question)
            .filter(question -> question.category().equals(OutsideQuestions.CATEGORY))
            .map(Question::questionText)
            .toList();
    assertThat(outside).hasSizeGreaterThan(200).doesNotContainAnyElementsOf(trained);
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
        CorpusPlan.of(recipe(CorpusExtras.none())).stream()
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

  private static CorpusRecipe recipe(CorpusExtras extras) {
    return new CorpusRecipe(
        "test", 20, QuestionTable.mini(), Integer.MAX_VALUE, 8, extras, 300, 150, 1);
  }

  private static int count(List<PlannedClip> clips, Split split) {
    return (int) clips.stream().filter(clip -> clip.split() == split).count();
  }

  private static Set<PlannedClip> unnamed(List<PlannedClip> clips) {
    return clips.stream().map(clip -> clip.named(clip.split().label())).collect(Collectors.toSet());
  }

  @Test
  void impossibleRecipesAreRefused() {
    assertThatThrownBy(
            () -> new CorpusRecipe("none", 1, List.of(), 1, 1, CorpusExtras.none(), 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("corpus recipe: questions: expected at least one, found 0");
    assertThatThrownBy(() -> CorpusRecipe.smoke(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("corpus recipe: jobs: expected 1 to 256, found 0");
    assertThatThrownBy(() -> new CorpusExtras(0, 0, -1, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("corpus recipe: paraphrases: expected at least 0, found -1");
  }
}
