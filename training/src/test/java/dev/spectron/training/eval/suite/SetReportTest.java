package dev.spectron.training.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SetReportTest {
  private static final Fingerprint RUN =
      new Fingerprint(Fingerprint.FORMAT, "model", "0123", "cpu", 0);

  @Test
  void onlyWhatIsKnownIsCounted() {
    SetReport report =
        SetReport.of(
            RUN,
            "set",
            List.of(
                item("one plus one", List.of("two"), true, "1 plus 1", "1 plus 1"),
                item("one plus two", List.of("three"), false, "1 plus 2", "1 plus 2 or so"),
                item("", List.of(), false, "", "who knows")));
    assertThat(report.markdown())
        .endsWith(
            """
            |  | all |
            | --- | --: |
            | recordings | 3 |
            | answer right | 50.0 (9 to 91) |
            | transcript exact | 50.0 (9 to 91) |
            | transcript, WER | 33.3 |
            | ended by the stop rule | 100.0 (44 to 100) |
            | real-time factor, median (5th to 95th percentile) | 0.50 (0.50 to 0.50) |
            """);
    assertThat(SetReport.parse("report", report.json())).isEqualTo(report);
  }

  private static SetReport.Item item(
      String text, List<String> answers, boolean right, String words, String transcript) {
    return new SetReport.Item(
        "id", text, answers, transcript, "answer", right, words, transcript, true, 0.5);
  }
}
