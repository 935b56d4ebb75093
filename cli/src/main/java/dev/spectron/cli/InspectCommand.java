package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.sdk.SpectronOptions;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron inspect}: what a model is made of. */
@Command(
    name = "inspect",
    description = {
      "Show the stages of a model, their parameters, how they are stored, and the configuration.",
      ""
    },
    footer = {
      "  spectron inspect",
      "  spectron inspect my-model --tensors",
      "  spectron inspect --random-weights spectron-1b",
      "  spectron inspect my-model --json | jq .config.lm"
    })
final class InspectCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Folder of a model; without it, the embedded model.")
  private Path folder;

  @Option(
      names = "--random-weights",
      paramLabel = "NAME",
      description =
          "A size without a model: spectron-1b, spectron-350m, spectron-mini,"
              + " spectron-mini-continue, spectron-micro or toy. Nothing is"
              + " allocated.")
  private String configuration;

  @Option(names = "--tensors", description = "List every tensor with type and shape.")
  private boolean tensors;

  @Option(names = "--json", description = "Print one JSON object with everything.")
  private boolean json;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelListing listing = listing();
    if (json) {
      console.line(Json.document(listing).stripTrailing());
      return 0;
    }
    line(
        "%s: %,d parameters, %s", listing.name(), listing.parameters(), megabytes(listing.bytes()));
    line("");
    line("%-12s %15s %8s  %-10s %10s", "stage", "parameters", "tensors", "stored as", "size");
    listing.stages().forEach(this::print);
    if (!listing.card().isEmpty()) {
      line("%ncard %s", Json.document(listing.card()).stripTrailing());
    }
    line("%nconfig %s", Json.document(listing.config()).stripTrailing());
    return 0;
  }

  private ModelListing listing() {
    if (folder != null && configuration != null) {
      throw new UsageException("inspect: expected DIR or --random-weights, found both");
    }
    if (configuration != null) {
      return ModelListing.ofSize(configuration);
    }
    return ModelListing.of(
        folder == null
            ? new SpectronOptions.Model.Embedded()
            : new SpectronOptions.Model.Bundle(folder));
  }

  private void print(ModelListing.Stage stage) {
    line(
        "%-12s %,15d %8d  %-10s %10s",
        stage.stage(),
        stage.parameters(),
        stage.tensors().size(),
        String.join(" ", stage.dtypes()),
        megabytes(stage.bytes()));
    if (tensors) {
      for (ModelListing.StoredShape tensor : stage.tensors()) {
        line("  %-56s %-5s %s", tensor.name(), tensor.dtype(), tensor.shape());
      }
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private void line(String format, Object... values) {
    console.line(String.format(Locale.ROOT, format, values));
  }
}
