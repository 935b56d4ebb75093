package dev.spectron.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.BundleException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
  private static final String PARIS = "the capital of france is paris";
  private static final EvaluationReport REPORT =
      EvaluationReport.of(
          "cpu",
          EvaluationOptions.standard(2),
          List.of(
              Items.france(PARIS, PARIS),
              Items.france("the capital of france is rome", PARIS),
              Items.spain("the capital of spain is madrid", "the capital of spain is")));

  @Test
  void jsonReadsBackWhatWasWritten() {
    String json = REPORT.json();
    EvaluationReport read = EvaluationReport.parse("report.json", json);
    assertThat(read).isEqualTo(REPORT);
    assertThat(read.json()).isEqualTo(json);
    assertThat(json).contains("\"voices\" : \"held_out\"").contains("\"log_mel_distance\"");
  }

  @Test
  void anotherVersionIsRefused() {
    String json = REPORT.json().replace("\"format\" : 1", "\"format\" : 2");
    assertThatThrownBy(() -> EvaluationReport.parse("report.json", json))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("evaluation report: format: expected 1, found 2; evaluate again");
  }

  @Test
  void onlyGroupsThatOccurAreListed() {
    assertThat(REPORT.groups().stream().map(EvaluationReport.Group::name))
        .containsExactly("seen text, held-out voice");
    assertThat(REPORT.categories().stream().map(EvaluationReport.Group::name))
        .containsExactly("capital");
  }

  @Test
  void textIsAlignedForATerminal() {
    assertThat(REPORT.text())
        .isEqualTo(
            """
                                                            all  seen text, held-out voice
            questions                                         3                          3
            transcript exact                  100.0 (44 to 100)          100.0 (44 to 100)
            transcript, word error rate                     0.0                        0.0
            answer text right                   66.7 (21 to 94)            66.7 (21 to 94)
            answer text exact                   66.7 (21 to 94)            66.7 (21 to 94)
            baseline: most frequent answer      66.7 (21 to 94)            66.7 (21 to 94)
            baseline: cascade                 100.0 (44 to 100)          100.0 (44 to 100)
            spoken answer right                 66.7 (21 to 94)            66.7 (21 to 94)
            ceiling: reference speech         100.0 (44 to 100)          100.0 (44 to 100)
            ceiling: reference, vocoded       100.0 (44 to 100)          100.0 (44 to 100)
            control: another's reference          0.0 (0 to 56)              0.0 (0 to 56)
            control: text is wrong            100.0 (21 to 100)          100.0 (21 to 100)
            speech against own text, WER                   11.1                       11.1
            reference, WER                                  0.0                        0.0
            reference vocoded, WER                          0.0                        0.0
            ended by the stop rule            100.0 (44 to 100)          100.0 (44 to 100)
            length over reference           1.00 (1.00 to 1.00)        1.00 (1.00 to 1.00)
            log-mel distance                0.25 (0.25 to 0.25)        0.25 (0.25 to 0.25)
            real-time factor                0.50 (0.50 to 0.50)        0.50 (0.50 to 0.50)

            category  questions  transcript      answer text  spoken  reference  vocoded  cascade  most frequent
            capital           3         100  66.7 (21 to 94)      67        100      100      100             67

            Shares in percent with 95 % Wilson intervals; distributions as median (5th to 95th percentile).
            """);
  }

  @Test
  void markdownIsATable() {
    assertThat(REPORT.markdown())
        .contains(
            """
            |  | all | seen text, held-out voice |
            | --- | --: | --: |
            | questions | 3 | 3 |
            """)
        .contains("| capital | 3 | 100 | 66.7 (21 to 94) | 67 | 100 | 100 | 100 | 67 |\n");
  }
}
