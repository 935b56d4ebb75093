package dev.spectron.cli;

import dev.spectron.conformer.ConformerConfig.ChunkConfig;
import dev.spectron.conformer.LongAudioConfig;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.spokenlm.NamedConfigs;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.spokenlm.SpokenLmConfig;
import dev.spectron.spokenlm.bench.StageBenchmark;
import dev.spectron.training.quantise.RandomPackedWeights;
import dev.spectron.vocoder.VocoderConfig;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which model is measured, and where. */
final class BenchedModel {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of a model; without it, the embedded one.")
  private Path folder;

  @Option(
      names = "--random-weights",
      paramLabel = "NAME",
      description = "A size without a model, such as spectron-1b or spectron-350m.")
  private String configuration;

  @Option(
      names = "--format",
      description =
          "How random weights are packed: ${COMPLETION-CANDIDATES}; default float32 rows.")
  private QuantizeCommand.Format format;

  @Option(
      names = "--reduction-factor",
      paramLabel = "N",
      description = "Frames a decoding step writes, with random weights; default the size's own.")
  private int reductionFactor;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Where to compute: auto, cpu, djl or reference; default auto.")
  private String backend = SpectronOptions.AUTO;

  @Option(
      names = "--long-audio",
      paramLabel = "N",
      split = ",",
      description =
          "Four numbers with commas between, in encoder frames: the window that questions are"
              + " encoded in, size of a chunk of longer ones, frames seen before it and after it;"
              + " default as the model says.")
  private List<Integer> longAudio = new ArrayList<>();

  /**
   * A model on a back end.
   *
   * @param name as in a report
   * @param backend its name
   * @param benchmark runs its stages
   */
  record Loaded(String name, String backend, StageBenchmark benchmark) {}

  /**
   * Checks what options alone cannot say.
   *
   * @throws UsageException if they do not fit each other
   */
  void check() {
    if (folder != null && configuration != null) {
      throw new UsageException("expected --model or --random-weights, found both");
    }
    if (format != null && configuration == null) {
      throw new UsageException("--format packs random weights; quantize packs a model");
    }
    if (reductionFactor != 0 && configuration == null) {
      throw new UsageException("--reduction-factor is for random weights; a model has its own");
    }
    if (reductionFactor < 0 || reductionFactor > 16) {
      throw new UsageException("expected --reduction-factor of 1 to 16, found " + reductionFactor);
    }
    chosenLongAudio();
  }

  private List<LongAudioConfig> chosenLongAudio() {
    if (longAudio.isEmpty()) {
      return List.of();
    }
    if (longAudio.size() != 4) {
      throw new UsageException("--long-audio: expected four numbers, found " + longAudio);
    }
    try {
      ChunkConfig chunk = new ChunkConfig(longAudio.get(1), longAudio.get(2), longAudio.get(3));
      return List.of(new LongAudioConfig(longAudio.getFirst(), chunk));
    } catch (BundleException e) {
      throw new UsageException("--long-audio: " + e.getMessage());
    }
  }

  /** The options again, for another process. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("--backend", backend));
    if (folder != null) {
      arguments.addAll(List.of("--model", folder.toString()));
    }
    if (configuration != null) {
      arguments.addAll(List.of("--random-weights", configuration));
    }
    if (format != null) {
      arguments.addAll(List.of("--format", format.name()));
    }
    if (reductionFactor != 0) {
      arguments.addAll(List.of("--reduction-factor", String.valueOf(reductionFactor)));
    }
    if (!longAudio.isEmpty()) {
      String numbers = longAudio.stream().map(String::valueOf).collect(Collectors.joining(","));
      arguments.addAll(List.of("--long-audio", numbers));
    }
    return arguments;
  }

  /** Loads the model for as long as the work takes. */
  <T> T load(Function<Loaded, T> work) {
    try (Arena arena = Arena.ofShared();
        Backend opened = Backends.open(backend)) {
      return configuration == null ? files(opened, work) : random(opened, arena, work);
    }
  }

  private <T> T random(Backend opened, Arena arena, Function<Loaded, T> work) {
    WeightSource weights =
        format == null ? new RandomWeights(0) : new RandomPackedWeights(format.policy(), 0, arena);
    String name =
        configuration
            + (format == null ? "" : " " + format.name().toLowerCase(Locale.ROOT))
            + (reductionFactor == 0 ? "" : ", " + reductionFactor + " frames a step");
    SpokenLmConfig named = NamedConfigs.of(configuration);
    SpokenLmConfig config =
        reductionFactor == 0 ? named : named.withReductionFactor(reductionFactor);
    return work.apply(load(name, opened, config, NamedConfigs.vocoder(configuration), weights));
  }

  private <T> T files(Backend opened, Function<Loaded, T> work) {
    SpectronOptions.Model which =
        folder == null
            ? new SpectronOptions.Model.Embedded()
            : new SpectronOptions.Model.Bundle(folder);
    try (ModelBundle bundle = ModelChoice.files(which)) {
      SpokenLmConfig config = SpokenLmBundle.config(bundle);
      VocoderConfig vocoder = bundle.config("vocoder", VocoderConfig.class);
      return work.apply(
          load(bundle.name(), opened, config, vocoder, SpokenLmBundle.weights(bundle)));
    }
  }

  private Loaded load(
      String name,
      Backend opened,
      SpokenLmConfig config,
      VocoderConfig vocoder,
      WeightSource weights) {
    SpokenLmConfig chosen =
        chosenLongAudio().stream().findFirst().map(config::withLongAudio).orElse(config);
    StageBenchmark benchmark = new StageBenchmark(opened, chosen, vocoder, weights);
    return new Loaded(name, opened.name(), benchmark);
  }
}
