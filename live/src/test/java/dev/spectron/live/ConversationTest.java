package dev.spectron.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.AnswerEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations with interruptions, on a simulated clock. */
class ConversationTest {
  private static final LiveOptions FULL_DUPLEX =
      LiveOptions.defaults().toBuilder().echo(Echo.FULL_DUPLEX).build();
  private static final VirtualSound.Setting LIVE = new VirtualSound.Setting(100, 0, false);
  private static final double DUCKED = 0.2; // 20 dB quieter is 0.1

  @ParameterizedTest
  @ValueSource(ints = {16_000, 44_100, 48_000})
  void aConversationWithACoughAndAnInterruption(int rate) {
    Stage stage = new Stage(14);
    stage.question("capital-of-france", 1);
    double asked = Stage.endOf("capital-of-france", 1);
    stage.cough(asked + 2, 0.2);
    double interrupted = stage.question("capital-of-japan", asked + 3.5);
    VirtualSound device = stage.device(rate, LIVE);
    ScriptedAnswers answers = new ScriptedAnswers(device, 0.3, 0.02, 4);
    stage.play(device, answers, FULL_DUPLEX);

    assertThat(stage.events.stream().map(Object::getClass).filter(ConversationTest::isTurn))
        .containsExactly(
            LiveEvent.SpeechBegan.class,
            LiveEvent.SpeechConfirmed.class,
            LiveEvent.Asked.class,
            LiveEvent.PlaybackBegan.class,
            LiveEvent.SpeechBegan.class,
            LiveEvent.NoiseIgnored.class,
            LiveEvent.SpeechBegan.class,
            LiveEvent.SpeechConfirmed.class,
            LiveEvent.Interrupted.class,
            LiveEvent.Asked.class,
            LiveEvent.PlaybackBegan.class,
            LiveEvent.PlaybackFinished.class);
    Waveform played = device.played();
    double began = stage.events(LiveEvent.PlaybackBegan.class).getFirst().at();
    assertThat(Stage.loudness(played, began + 0.5)).isCloseTo(1, within(0.02));
    assertThat(Stage.quietAfter(played, asked + 2, DUCKED)).isLessThanOrEqualTo(0.060);
    assertThat(Stage.loudness(played, asked + 2.7)).isCloseTo(1, within(0.02));
    assertThat(Stage.quietAfter(played, interrupted, DUCKED)).isLessThanOrEqualTo(0.060);
    double silent = Stage.quietAfter(played, interrupted, 1e-4);
    assertThat(silent).isBetween(0.1, 0.300 + 0.150);
    assertThat(Stage.loudness(played, interrupted + silent + 0.2)).isZero();
    LiveEvent.Interrupted cut = stage.events(LiveEvent.Interrupted.class).getFirst();
    assertThat(cut.playedSeconds()).isCloseTo(cut.at() - began, within(0.011));
    assertThat(stage.events(LiveEvent.PlaybackFinished.class).getFirst().seconds())
        .isCloseTo(4, within(0.01));
    assertThat(answers.questions).hasSize(2);
    assertThat(answers.cancelled).isZero(); // it was made by then, and waited to be played
  }

  private static boolean isTurn(Class<?> kind) {
    return kind != LiveEvent.Answering.class;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.03, 0.08, 0.12, 0.2, 0.25, 0.29, 0.3})
  void noCoughShorterThanTheConfirmWindowInterrupts(double seconds) {
    Stage stage = new Stage(14);
    double answering = question(stage);
    for (int i = 0; i < 4; i++) {
      stage.cough(answering + 1 + i * 1.1337, seconds);
    }
    VirtualSound device = stage.device(Stage.RATE, LIVE);
    stage.play(device, new ScriptedAnswers(device, 0.1, 0.01, 6), FULL_DUPLEX);
    assertThat(stage.events(LiveEvent.Interrupted.class)).isEmpty();
    assertThat(stage.events(LiveEvent.PlaybackFinished.class)).hasSize(1);
    assertThat(stage.events(LiveEvent.Asked.class)).hasSize(1);
  }

  @Test
  void whatIsLongerThanTheConfirmWindowInterrupts() {
    Stage stage = new Stage(14);
    double answering = question(stage);
    stage.cough(answering + 2, 0.4);
    VirtualSound device = stage.device(Stage.RATE, LIVE);
    stage.play(device, new ScriptedAnswers(device, 0.1, 0.01, 6), FULL_DUPLEX);
    assertThat(stage.events(LiveEvent.Interrupted.class)).hasSize(1);
    double silent = Stage.quietAfter(device.played(), answering + 2, 1e-4);
    assertThat(silent).isBetween(0.3, 0.3 + 0.15);
  }

  /** A question at second 1; returns a time before which its answer begins. */
  private static double question(Stage stage) {
    stage.question("capital-of-france", 1);
    return Stage.endOf("capital-of-france", 1) + 1;
  }

  @Test
  void everyPhaseOfTheClockDucksWithinSixtyMilliseconds() {
    Stage stage = new Stage(26);
    double answering = question(stage);
    double[] coughs = new double[16];
    for (int i = 0; i < coughs.length; i++) {
      coughs[i] = answering + 1 + i * (1.1 + 0.01 / coughs.length);
      stage.cough(coughs[i], 0.1);
    }
    VirtualSound device = stage.device(48_000, LIVE);
    stage.play(device, new ScriptedAnswers(device, 0.1, 0.01, 20), FULL_DUPLEX);
    double[] latencies =
        Arrays.stream(coughs).map(at -> Stage.quietAfter(device.played(), at, DUCKED)).toArray();
    assertThat(Arrays.stream(latencies).max().orElseThrow()).isLessThanOrEqualTo(0.060);
    assertThat(Arrays.stream(latencies).min().orElseThrow()).isPositive();
  }

  @Test
  void theQuestionIsWhatWasHeardFromItsPreRollOn() {
    Stage stage = new Stage(6);
    double onset = stage.question("capital-of-france", 1);
    VirtualSound device = stage.device(Stage.RATE, VirtualSound.Setting.usual());
    ScriptedAnswers answers = new ScriptedAnswers(device, 0, 0, 1);
    stage.play(device, answers, FULL_DUPLEX);
    float[] question = answers.questions.getFirst().samples();
    int from = indexOf(stage.heard(), Arrays.copyOf(question, 200));
    assertThat(from / (double) Stage.RATE).isBetween(onset - 0.4, onset - 0.25);
    assertThat(question).isEqualTo(Arrays.copyOfRange(stage.heard(), from, from + question.length));
    assertThat((from + question.length) / (double) Stage.RATE)
        .isBetween(
            Stage.endOf("capital-of-france", 1) + 0.05, Stage.endOf("capital-of-france", 1) + 0.4);
  }

  private static int indexOf(float[] in, float[] part) {
    for (int at = 0; at + part.length <= in.length; at++) {
      if (Arrays.mismatch(in, at, at + part.length, part, 0, part.length) < 0) {
        return at;
      }
    }
    return -1;
  }

  @Test
  void inHalfDuplexAnAnswerDoesNotHearItself() {
    VirtualSound.Setting echoing = new VirtualSound.Setting(100, 0.5f, false);
    Stage full = new Stage(10);
    question(full);
    VirtualSound one = full.device(Stage.RATE, echoing);
    full.play(one, speaking(one), FULL_DUPLEX);
    assertThat(full.events(LiveEvent.Interrupted.class)).isNotEmpty(); // that is the trouble

    Stage half = new Stage(14);
    double answering = question(half);
    half.question("two-plus-three", answering + 1);
    half.question("capital-of-japan", answering + 5);
    VirtualSound other = half.device(Stage.RATE, echoing);
    half.play(other, speaking(other), LiveOptions.defaults());
    assertThat(half.events(LiveEvent.Interrupted.class)).isEmpty();
    assertThat(half.events(LiveEvent.Asked.class)).hasSize(2);
    assertThat(half.events(LiveEvent.PlaybackFinished.class)).hasSize(2);
    double finished = half.events(LiveEvent.PlaybackFinished.class).getFirst().at();
    assertThat(half.events(LiveEvent.SpeechBegan.class).get(1).at()).isGreaterThan(finished + 0.25);
  }

  private static ScriptedAnswers speaking(VirtualSound device) {
    ScriptedAnswers answers = new ScriptedAnswers(device, 0.1, 0.01, 3);
    answers.voice = Stage.voice("two-plus-three");
    return answers;
  }

  @Test
  void whoGoesOnSpeakingIsHeardBeforeTheAnswerSounds() {
    Stage stage = new Stage(12);
    double thinking = question(stage);
    stage.question("capital-of-japan", thinking + 0.5);
    VirtualSound device = stage.device(Stage.RATE, LIVE);
    ScriptedAnswers answers = new ScriptedAnswers(device, 3, 0.01, 1);
    stage.play(device, answers, LiveOptions.defaults());
    assertThat(stage.events(LiveEvent.Interrupted.class))
        .singleElement()
        .extracting(LiveEvent.Interrupted::playedSeconds)
        .isEqualTo(0.0);
    assertThat(answers.cancelled).isEqualTo(1);
    assertThat(stage.events(LiveEvent.Asked.class)).hasSize(2);
    assertThat(stage.events(LiveEvent.PlaybackFinished.class)).hasSize(1);
  }

  @Test
  void theEndOfPlaybackIsToldWhenTheLastSampleWasPlayed() {
    Stage stage = new Stage(5);
    question(stage);
    VirtualSound device = stage.device(Stage.RATE, VirtualSound.Setting.usual());
    stage.play(device, new ScriptedAnswers(device, 0, 0, 1.25), LiveOptions.defaults());
    LiveEvent.PlaybackBegan began = stage.events(LiveEvent.PlaybackBegan.class).getFirst();
    LiveEvent.PlaybackFinished end = stage.events(LiveEvent.PlaybackFinished.class).getFirst();
    assertThat(end.seconds()).isEqualTo(1.3); // whole chunks
    assertThat(end.at() - began.at()).isCloseTo(1.3, within(0.011));
    assertThat(end.gaps()).isZero();
    assertThat(Stage.loudness(device.played(), end.at() - 0.02)).isCloseTo(1, within(0.02));
  }

  @Test
  void aModelSlowerThanSpeechLeavesGapsThatAreCounted() {
    Stage stage = new Stage(5);
    question(stage);
    VirtualSound device = stage.device(Stage.RATE, LIVE);
    stage.play(device, new ScriptedAnswers(device, 0.1, 0.2, 1), LiveOptions.defaults());
    LiveEvent.PlaybackFinished end = stage.events(LiveEvent.PlaybackFinished.class).getFirst();
    assertThat(end.gaps()).isEqualTo(10);
    assertThat(end.seconds()).isEqualTo(1);
  }

  @Test
  void aFailureIsToldAndTheSessionGoesOn() {
    Stage stage = new Stage(12);
    double failed = question(stage);
    stage.question("capital-of-japan", failed + 1);
    VirtualSound device = stage.device(Stage.RATE, LIVE);
    ScriptedAnswers answers = new ScriptedAnswers(device, 0.1, 0.01, 1);
    answers.failing = true;
    device.at(failed + 0.5, () -> answers.failing = false);
    stage.play(device, answers, LiveOptions.defaults());
    assertThat(stage.events(LiveEvent.AnswerFailed.class))
        .singleElement()
        .satisfies(event -> assertThat(event.code()).isEqualTo("question.too_long"))
        .satisfies(event -> assertThat(event.message()).isEqualTo("question: too long"));
    assertThat(stage.events(LiveEvent.PlaybackFinished.class)).hasSize(1);
  }

  @Test
  void aQuestionWithoutEndIsCut() {
    Stage stage = new Stage(12);
    for (int i = 0; i < 6; i++) {
      stage.question("capital-of-france", 1 + 1.4 * i);
    }
    VirtualSound device = stage.device(Stage.RATE, VirtualSound.Setting.usual());
    ScriptedAnswers answers = new ScriptedAnswers(device, 0, 0, 0.1);
    LiveOptions options = FULL_DUPLEX.toBuilder().longestQuestion(3000).build();
    stage.play(device, answers, options);
    assertThat(answers.questions).hasSizeGreaterThan(1);
    assertThat(answers.questions).allMatch(question -> question.seconds() < 3.4);
  }

  @Test
  void theSameConversationIsTheSameAgain() {
    assertThat(once()).isEqualTo(once());
  }

  private static List<String> once() {
    Stage stage = new Stage(9);
    double answering = question(stage);
    stage.question("capital-of-japan", answering + 1);
    VirtualSound device = stage.device(44_100, VirtualSound.Setting.usual());
    stage.play(device, new ScriptedAnswers(device, 0, 0, 3), FULL_DUPLEX);
    List<String> told =
        stage.events.stream()
            .map(e -> e.getClass().getSimpleName() + " " + e.at() + (isText(e) ? e : ""))
            .toList();
    assertThat(told).hasSizeGreaterThan(20);
    return List.of(told.toString(), Integer.toString(Arrays.hashCode(device.played().samples())));
  }

  private static boolean isText(LiveEvent event) {
    return event instanceof LiveEvent.Answering(double _, AnswerEvent.TextDelta _);
  }

  @Test
  void closingEndsTheSession() {
    Stage stage = new Stage(10);
    question(stage);
    VirtualSound device = stage.device(Stage.RATE, LIVE);
    ScriptedAnswers answers = new ScriptedAnswers(device, 5, 0.01, 1);
    LiveSession session =
        new LiveSession(device, device, answers, LiveOptions.defaults(), stage.events::add);
    device.at(4, session::close);
    session.run();
    assertThat(device.now()).isCloseTo(4, within(0.02));
    assertThat(answers.cancelled).isEqualTo(1);
  }
}
