package dev.spectron.cli;

import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron answer}: recorded questions in, answers out. */
@Command(
    name = "answer",
    description = {
      "Answer recorded questions.",
      "",
      "Prints what the model heard, its answer and the time each stage took. Times count from the"
          + " question on; loading the model, once for all files, is told apart. The real-time"
          + " factor is the total time over the duration of the spoken answer.",
      ""
    },
    footer = {
      "  spectron answer question.wav -o answer.wav",
      "  spectron answer samples/questions/*.wav -o answers",
      "  spectron answer question.wav --json --plot spectrograms.png",
      "  arecord -q -d 3 -f S16_LE -r 16000 | spectron answer - -o answer.wav",
      "  spectron answer question.wav --random-weights spectron-350m --max-speech-frames 80"
    })
final class AnswerCommand implements Callable<Integer> {
  private final Console console;
  private final Failures failures;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "WAV files of any rate, shorter than 10 minutes; - for standard input.")
  private List<String> files = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Write the spoken answer here; with several questions, or if it is one, a folder.")
  private Path output;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the spectrograms of question and answer as PNG; likewise.")
  private Path plot;

  @Option(names = "--json", description = "Print one JSON object a line, null without -o.")
  private boolean json;

  @Mixin private ModelChoice model;

  @Mixin private SamplingChoice sampling;

  AnswerCommand(Console console, Failures failures) {
    this.console = console;
    this.failures = failures;
  }

  @Override
  public Integer call() {
    AnswerFiles outputs = AnswerFiles.plan(files, given(output), given(plot));
    AnswerPrinter printer =
        json ? new AnswerPrinter.Json(console) : new AnswerPrinter.Human(console);
    boolean failed = false;
    try (LazyModel lazy =
        new LazyModel(sampling.options(model.model(), model.backend()), printer::begin)) {
      for (AnswerFiles.Item item : outputs.items()) {
        if (console.isClosed() && !outputs.areWritten()) {
          break;
        }
        failed |= !failures.survived(item.question(), () -> answer(lazy, item, printer));
      }
    }
    return failed ? 1 : 0;
  }

  private void answer(LazyModel lazy, AnswerFiles.Item item, AnswerPrinter printer) {
    Waveform question = console.read(item.question());
    Spectron spectron = lazy.spectron();
    Answer answer = spectron.answer(question.samples(), question.sampleRate());
    item.speech().forEach(answer.speech()::writeWav);
    item.plot().forEach(png -> AnswerPlot.write(png, spectron, question, answer));
    printer.print(item, question, answer, spectron);
  }

  /** No element for an option that is not on the command line. */
  private static List<Path> given(Path option) {
    return Stream.ofNullable(option).toList();
  }
}
