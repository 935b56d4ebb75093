package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.bundle.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetReportTest {
  @Test
  void onlyWhatIsKnownIsCounted() {
    SetReport report =
        SetReport.of(
            "set",
            "cpu",
            List.of(
                item("one plus one", List.of("two"), true, "1 plus 1", "1 plus 1"),
                item("one plus two", List.of("three"), false, "1 plus 2", "1 plus 2 or so"),
                item("", List.of(), false, "", "who knows")));
    assertThat(report.answers()).isEqualTo(new Share(1, 2));
    assertThat(report.transcripts()).isEqualTo(new Share(1, 2));
    assertThat(report.transcriptWords()).isEqualTo(new WordErrors(2, 6));
    assertThat(report.stopped()).isEqualTo(new Share(3, 3));
    assertThat(report.markdown())
        .isEqualTo(
            """
            | set, 3 recordings | % (95 % Wilson interval) |
            | --- | --: |
            | answer right | 50.0 (9 to 91) |
            | transcript exact | 50.0 (9 to 91) |
            | transcript, word error rate | 33.3 |
            | ended by the stop rule | 100.0 (44 to 100) |
            | real-time factor, median (5th to 95th percentile) | 0.50 (0.50 to 0.50) |
            """);
    assertThat(Json.parse("report", report.json(), SetReport.class)).isEqualTo(report);
  }

  @Test
  void aSetWithoutQuestionsHasNoRowOfAnswers() {
    SetReport report = SetReport.of("set", "cpu", List.of(item("a b", List.of(), false, "b", "b")));
    assertThat(report.markdown()).doesNotContain("answer right").contains("transcript exact");
  }

  private static SetReport.Item item(
      String text, List<String> answers, boolean right, String words, String transcript) {
    return new SetReport.Item(
        "id", text, answers, transcript, "answer", right, words, transcript, true, 0.5);
  }
}
