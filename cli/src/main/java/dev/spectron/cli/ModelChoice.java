package dev.spectron.cli;

import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.spokenlm.SpokenLmBundle;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which model computes, and where. */
final class ModelChoice {
  @ArgGroup private Which which = new Which();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Where to compute: auto, cpu, djl or reference; default auto.")
  private String backend = SpectronOptions.AUTO;

  /** One of these, or the embedded model. */
  private static final class Which {
    @Option(
        names = "--model",
        paramLabel = "DIR",
        description = "Folder of a model; without it, the embedded one.")
    private Path folder;

    @Option(
        names = "--random-weights",
        paramLabel = "NAME",
        description =
            "A model that has learnt nothing, to try a size: spectron-1b, spectron-350m,"
                + " spectron-mini, spectron-mini-continue, spectron-micro or toy.")
    private String configuration;

    SpectronOptions.Model orElse(SpectronOptions.Model embedded) {
      if (folder != null) {
        return new SpectronOptions.Model.Bundle(folder);
      }
      return configuration == null
          ? embedded
          : new SpectronOptions.Model.RandomWeights(configuration);
    }
  }

  String backend() {
    return backend;
  }

  /** The model named, or the embedded one that answers questions. */
  SpectronOptions.Model model() {
    return orElse(new SpectronOptions.Model.Embedded());
  }

  /** The model named, or another. */
  SpectronOptions.Model orElse(SpectronOptions.Model embedded) {
    return which.orElse(embedded);
  }

  /** Opens a model for what the SDK does not offer. */
  static SpokenLmBundle open(SpectronOptions.Model model) {
    return switch (model) {
      case SpectronOptions.Model.Embedded _ ->
          SpokenLmBundle.openResources(loader(), SpectronOptions.Model.Embedded.FOLDER);
      case SpectronOptions.Model.EmbeddedContinuation _ ->
          SpokenLmBundle.openResources(loader(), SpectronOptions.Model.EmbeddedContinuation.FOLDER);
      case SpectronOptions.Model.Bundle bundle -> SpokenLmBundle.open(bundle.folder());
      case SpectronOptions.Model.RandomWeights random ->
          SpokenLmBundle.random(random.configuration(), 0);
    };
  }

  /**
   * Opens the files of a model.
   *
   * @throws UsageException if it has none
   */
  static ModelBundle files(SpectronOptions.Model model) {
    return switch (model) {
      case SpectronOptions.Model.Embedded _ ->
          ModelBundle.openResources(loader(), SpectronOptions.Model.Embedded.FOLDER);
      case SpectronOptions.Model.EmbeddedContinuation _ ->
          ModelBundle.openResources(loader(), SpectronOptions.Model.EmbeddedContinuation.FOLDER);
      case SpectronOptions.Model.Bundle bundle -> ModelBundle.open(bundle.folder());
      case SpectronOptions.Model.RandomWeights random ->
          throw new UsageException(random.configuration() + ": random weights are in no file");
    };
  }

  private static ClassLoader loader() {
    return Spectron.class.getClassLoader();
  }
}
