package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final String PARIS = "the capital of france is paris";
  private static final String LONDON = "the capital of france is london";
  private static final String MADRID = "the capital of spain is madrid";

  @Test
  void textIsRightByItsDecisiveWordsAndExactByAll() {
    Figures figures =
        Figures.of(
            List.of(
                Items.france(PARIS, PARIS),
                Items.france("the capital of italy is paris", PARIS),
                Items.france(LONDON, PARIS),
                Items.france("paris is lovely", PARIS)));
    assertThat(figures.items()).isEqualTo(4);
    assertThat(figures.answer()).isEqualTo(new Share(2, 4));
    assertThat(figures.sentence()).isEqualTo(new Share(1, 4));
    assertThat(figures.transcript()).isEqualTo(new Share(4, 4));
    assertThat(figures.transcriptWords()).isEqualTo(new WordErrors(0, 24));
    assertThat(figures.stopped()).isEqualTo(new Share(4, 4));
    assertThat(figures.realTimeFactor().median()).isEqualTo(0.5);
  }

  @Test
  void baselinesAndControlsStandBeside() {
    Figures figures =
        Figures.of(
            List.of(
                Items.france(PARIS, LONDON),
                Items.france(LONDON, PARIS),
                Items.france(LONDON, LONDON),
                Items.spain(MADRID, MADRID)));
    assertThat(figures.mostFrequent()).isEqualTo(new Share(3, 4));
    SpokenFigures spoken = figures.spoken().getFirst();
    assertThat(spoken.answer()).isEqualTo(new Share(2, 4));
    assertThat(spoken.answerWords()).isEqualTo(new WordErrors(2, 24));
    assertThat(spoken.reference()).isEqualTo(new Share(4, 4));
    assertThat(spoken.vocoded()).isEqualTo(new Share(4, 4));
    assertThat(spoken.referenceWords()).isEqualTo(new WordErrors(0, 24));
    assertThat(spoken.cascade()).isEqualTo(new Share(4, 4));
    assertThat(spoken.mismatched()).isEqualTo(new Share(0, 4));
    assertThat(spoken.despiteText()).isEqualTo(new Share(1, 2));
  }

  @Test
  void aJudgeThatAlwaysHearsTheSameIsCaughtByTheControl() {
    EvaluatedItem france = Items.france(PARIS, PARIS);
    EvaluatedItem spain = Items.spain(MADRID, MADRID);
    EvaluatedItem deaf =
        new EvaluatedItem(
            spain.id(),
            spain.category(),
            spain.heldOut(),
            spain.voice(),
            spain.voiceHeldOut(),
            spain.question(),
            spain.answer(),
            spain.shortAnswer(),
            spain.transcript(),
            spain.text(),
            false,
            1,
            1,
            1,
            "",
            List.of(new Heard("", PARIS, "", "", "")));
    Figures figures = Figures.of(List.of(france, deaf));
    assertThat(figures.spoken().getFirst().mismatched()).isEqualTo(new Share(1, 2));
    assertThat(figures.stopped()).isEqualTo(new Share(1, 2));
  }
}
