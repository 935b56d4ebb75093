package dev.spectron.cli;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.plot.DetectionCurve;
import dev.spectron.training.speaker.SpeakerEvaluation;
import dev.spectron.training.speaker.SpeakerModel;
import dev.spectron.training.speaker.SpeakerReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spectron eval-speaker}: verification trials of a speaker encoder. */
@Command(
    name = "eval-speaker",
    description = {
      "Measure how well a speaker encoder tells speakers apart: its equal error rate on pairs of"
          + " clips that training never heard.",
      "",
      "Of a speaker with one clip alone, the halves are the pair of one speaker: that is easier,"
          + " as they share the recording.",
      ""
    },
    footer = {
      "  spectron eval-speaker --recordings voices/manifest.jsonl --recordings train-clean-100",
      "  spectron eval-speaker --corpus corpus --encoder speaker/encoder --markdown table.md"
    })
final class EvalSpeakerCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "A corpus whose development questions are tried; spectron corpus makes it.")
  private Path corpus;

  @Option(
      names = "--recordings",
      paramLabel = "PATH",
      description =
          "Recordings by speaker: a .jsonl manifest with the key speaker, Lhotse cuts, or a folder"
              + " with FLAC files named as in LibriSpeech. May be given several times.")
  private List<Path> recordings = new ArrayList<>();

  @Option(
      names = "--encoder",
      paramLabel = "DIR",
      description = "Encoder that spectron train-speaker made; without it, the embedded one.")
  private Path encoder;

  @Option(
      names = "--per-speaker",
      paramLabel = "N",
      description = "Most clips of a speaker; all pairs are tried; default 10.")
  private int perSpeaker = 10;

  @Option(names = "--seed", paramLabel = "N", description = "Decides which clips; default 1.")
  private long seed = 1;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Where to compute: auto, cpu, djl or reference; default auto.")
  private String backend = "auto";

  @Option(names = "--report", paramLabel = "FILE", description = "Write all figures as JSON.")
  private Path report;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table.")
  private Path markdown;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw the error curves as PNG.")
  private Path plot;

  EvalSpeakerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (corpus == null && recordings.isEmpty()) {
      throw new UsageException("eval-speaker: expected --corpus or --recordings, found neither");
    }
    SpeakerReport found = evaluate(new SpeakerEvaluation.Options(perSpeaker, seed));
    console.line(found.markdown().stripTrailing());
    ReportFile.write(report, found.json());
    ReportFile.write(markdown, found.markdown());
    if (plot != null) {
      DetectionCurve.write(plot, found);
    }
    return 0;
  }

  private SpeakerReport evaluate(SpeakerEvaluation.Options options) {
    if (corpus == null) {
      return evaluate(new SpeakerEvaluation.Sets(), options);
    }
    try (Corpus opened = Corpus.open(corpus)) {
      SpeakerEvaluation.Sets sets = new SpeakerEvaluation.Sets();
      sets.add(opened);
      return evaluate(sets, options);
    }
  }

  private SpeakerReport evaluate(SpeakerEvaluation.Sets sets, SpeakerEvaluation.Options options) {
    for (Path set : recordings) {
      sets.add(String.valueOf(set.toAbsolutePath().getFileName()), set);
    }
    try (Backend opened = Backends.open(backend);
        Progress progress = Progress.of("eval-speaker", console)) {
      SpeakerModel model =
          encoder == null ? SpeakerModel.mini(opened) : SpeakerModel.open(opened, encoder);
      return SpeakerEvaluation.run(sets, model, options, progress::at);
    }
  }
}
