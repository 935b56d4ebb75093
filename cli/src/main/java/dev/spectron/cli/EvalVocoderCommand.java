package dev.spectron.cli;

import dev.spectron.audio.WavFile;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.error.SpokenLmException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.spokenlm.AnswerLoop;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.eval.EvaluationOptions;
import dev.spectron.training.eval.EvaluationOptions.VoiceChoice;
import dev.spectron.training.eval.VocoderEvaluation;
import dev.spectron.training.eval.VocoderReport;
import dev.spectron.vocoder.Vocoder;
import dev.spectron.vocoder.VocoderConfig;
import dev.spectron.vocoder.VocoderConfig.Kind;
import dev.spectron.vocoder.Vocoders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron eval-vocoder}: holds a model's vocoder against Griffin–Lim. */
@Command(
    name = "eval-vocoder",
    description = {
      "Compare a model's vocoder with Griffin-Lim on spoken answers of the development set.",
      "",
      "Both make sound of the same log-mel spectrograms; the table says how far it is from the"
          + " speech they were taken from.",
      ""
    },
    footer = {
      "  spectron eval-vocoder --corpus corpus --model my-model-with-voice",
      "  spectron eval-vocoder --corpus corpus --items 50 --no-judge --markdown table.md"
    })
final class EvalVocoderCommand implements Callable<Integer> {
  private static final int CLIPS_TO_HEAR = 5;

  private final Console console;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "DIR",
      description = "Where the speech is; spectron corpus makes it.")
  private Path corpus;

  @Option(names = "--items", paramLabel = "N", description = "Most clips; default 100.")
  private int items = 100;

  @Option(names = "--seed", paramLabel = "N", description = "Decides which clips; default 1.")
  private long seed = 1;

  @Option(names = "--no-judge", description = "Do not recognise what is said.")
  private boolean withoutJudge;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Recognisers that run at once; default: one a processor.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(names = "--report", paramLabel = "FILE", description = "Write every clip as JSON.")
  private Path report;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table.")
  private Path markdown;

  @Option(
      names = "--wavs",
      paramLabel = "DIR",
      description = "Write the first five clips to listen to: the reference and each vocoder's.")
  private Path wavs;

  @Mixin private ModelChoice model;

  EvalVocoderCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    EvaluationOptions options =
        new EvaluationOptions(items, seed, VoiceChoice.HELD_OUT, !withoutJudge, jobs);
    VocoderReport found = evaluate(options);
    console.line(found.markdown().stripTrailing());
    ReportFile.write(report, found.json());
    ReportFile.write(markdown, found.markdown());
    return 0;
  }

  private VocoderReport evaluate(EvaluationOptions options) {
    try (Corpus opened = Corpus.open(corpus);
        SpokenLmBundle bundle = ModelChoice.open(model.model());
        Backend backend = Backends.open(model.backend());
        Progress progress = Progress.of("eval-vocoder", console)) {
      AnswerLoop loop = bundle.load(backend);
      FeatureSpec spec = loop.outputFeatures();
      VocoderConfig config = bundle.vocoder();
      Map<String, Vocoder> vocoders = new LinkedHashMap<>();
      WeightScope none = WeightScope.of(backend, new RandomWeights(0));
      vocoders.put("Griffin-Lim", Vocoders.load(config.with(Kind.GRIFFIN_LIM), spec, none));
      if (config.kind() == Kind.WAVEFIT) {
        vocoders.put("WaveFit", loop.vocoder());
      }
      return VocoderEvaluation.run(
          vocoders, spec, backend, opened, options, progress::at, listener());
    }
  }

  private VocoderEvaluation.Sounds listener() {
    if (wavs == null) {
      return VocoderEvaluation.Sounds.none();
    }
    try {
      Files.createDirectories(wavs);
    } catch (IOException e) {
      throw new SpokenLmException(
          "--wavs %s: expected a folder, found a file or no permission (%s)".formatted(wavs, e), e);
    }
    return (index, name, sound) -> {
      if (index < CLIPS_TO_HEAR) {
        String file = "%d-%s.wav".formatted(index, name.toLowerCase(Locale.ROOT));
        WavFile.write(wavs.resolve(file), sound);
      }
    };
  }
}
