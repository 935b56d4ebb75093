package dev.spectron.cli;

import dev.spectron.audio.EndPointing;
import dev.spectron.training.dataset.Datasets;
import dev.spectron.training.dataset.Recording;
import dev.spectron.training.eval.TextTable;
import dev.spectron.training.plot.DetectionCurve;
import dev.spectron.training.voice.Background;
import dev.spectron.training.voice.VoiceEvaluation;
import dev.spectron.training.voice.VoiceReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spectron eval-vad}: how well speech is told from noise. */
@Command(
    name = "eval-vad",
    description = {
      "Measure how well listening tells speech from noise, on recordings under noise.",
      "",
      "What is speech is known from the level of the recording without the noise: frames of 10 ms"
          + " up to 25 dB below the loud ones are, those more than 40 dB below are not, the others"
          + " do not count. The column by level is a detector that looks at the level alone, at one"
          + " false alarm in a hundred frames.",
      ""
    },
    footer = {
      "  spectron eval-vad --recordings train-clean-100 --plot curves.png",
      "  spectron eval-vad --recordings clips --snr 10 --noise white,babble --markdown table.md"
    })
final class EvalVadCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--recordings",
      required = true,
      paramLabel = "DIR",
      description = "Folder with WAV or FLAC files of speech. May be given several times.")
  private List<Path> recordings = new ArrayList<>();

  @Option(
      names = "--snr",
      split = ",",
      paramLabel = "DB",
      description = "Speech over noise, decibels; default 20,10,5,0.")
  private List<Double> snrs = List.of(20.0, 10.0, 5.0, 0.0);

  @Option(
      names = "--noise",
      split = ",",
      paramLabel = "NAME",
      description = "Some of white, low, hum, clicks and babble; default all.")
  private List<Background> backgrounds = List.of(Background.values());

  @Option(
      names = "--threshold",
      paramLabel = "T",
      description = "Score above which a frame is speech; default 0.2.")
  private double threshold = EndPointing.USUAL_THRESHOLD;

  @Option(names = "--seed", paramLabel = "N", description = "Of the noise; default 1.")
  private long seed = 1;

  @Option(names = "--report", paramLabel = "FILE", description = "Write all figures as JSON.")
  private Path report;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table.")
  private Path markdown;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw the error curves as PNG.")
  private Path plot;

  EvalVadCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VoiceEvaluation.Options options =
        new VoiceEvaluation.Options(pointing(), backgrounds, snrs, seed);
    List<Recording> clips =
        recordings.stream().flatMap(folder -> Datasets.sounds(folder).stream()).toList();
    VoiceReport found;
    try (Progress progress = Progress.of("eval-vad", console)) {
      found = VoiceEvaluation.run(clips, options, progress::at);
    }
    console.line(TextTable.aligned(found.rows()).stripTrailing());
    ReportFile.write(report, found.json());
    ReportFile.write(markdown, TextTable.piped(found.rows()));
    if (plot != null) {
      DetectionCurve.write(plot, found);
    }
    return 0;
  }

  private EndPointing pointing() {
    EndPointing usual = EndPointing.usual();
    try {
      return new EndPointing(threshold, usual.beginMilliseconds(), usual.silenceMilliseconds());
    } catch (IllegalArgumentException e) {
      throw new UsageException("eval-vad: " + e.getMessage());
    }
  }
}
