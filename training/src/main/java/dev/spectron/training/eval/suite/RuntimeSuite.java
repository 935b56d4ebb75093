package dev.spectron.training.eval.suite;

import dev.spectron.spokenlm.StageTimings;
import dev.spectron.training.eval.Distribution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What answering costs. */
final class RuntimeSuite implements Suite {
  private static final Map<String, ToDoubleFunction<StageTimings>> STAGES = stages();

  @Override
  public String name() {
    return "runtime";
  }

  @Override
  public String about() {
    return "Time from the end of the question, with nothing else done beside it by this process."
        + " The answer sounds once it is whole, so that the time to its first sound is all of it."
        + " Memory is the most that the process ever held, the corpus's mapped files and the"
        + " evaluation's own included; it is not of the model where answers were stored before.";
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<StoredAnswer> answers = run.answers(QuestionKind.DOMAIN);
    List<FigureTable.Row> stages = new ArrayList<>();
    STAGES.forEach(
        (name, time) ->
            stages.add(
                row(
                    name,
                    Figure.of(
                        Distribution.of(
                            answers.stream()
                                .map(StoredAnswer::timings)
                                .mapToDouble(time)
                                .toArray()),
                        Figure.Unit.MILLISECONDS))));
    List<FigureTable.Row> whole =
        List.of(
            row(
                "real-time factor, median (5th to 95th percentile)",
                Figure.of(
                    Distribution.of(
                        answers.stream().mapToDouble(StoredAnswer::realTimeFactor).toArray()),
                    Figure.Unit.NUMBER)),
            row(
                "time to first sound, ms, median (5th to 95th percentile)",
                Figure.of(
                    Distribution.of(
                        answers.stream().mapToDouble(a -> a.timings().total()).toArray()),
                    Figure.Unit.MILLISECONDS)),
            row(
                "peak memory of the process, MB",
                Figure.plain(PeakMemory.megabytes(), 1, Figure.Unit.MEGABYTES)));
    return Findings.of(
        this,
        List.of(
            new FigureTable("", List.of("all"), whole, false),
            new FigureTable("stage", List.of("ms, median (5th to 95th percentile)"), stages, true)),
        List.of());
  }

  private static FigureTable.Row row(String name, Figure figure) {
    return new FigureTable.Row(name, List.of(figure));
  }

  private static Map<String, ToDoubleFunction<StageTimings>> stages() {
    Map<String, ToDoubleFunction<StageTimings>> stages = new LinkedHashMap<>();
    stages.put("features", StageTimings::features);
    stages.put("encoder", StageTimings::encode);
    stages.put("prefill", StageTimings::prefill);
    stages.put("text", StageTimings::text);
    stages.put("frames", StageTimings::frames);
    stages.put("vocoder", StageTimings::vocoder);
    return Collections.unmodifiableMap(stages);
  }
}
