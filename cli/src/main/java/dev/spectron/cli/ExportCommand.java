package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.training.BundleExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron export}: makes a model to answer with of runs. */
@Command(
    name = "export",
    description = {"Make a model to answer with of the newest checkpoint of a run.", ""},
    footer = {
      "  spectron export run --out my-model",
      "  spectron export run --out my-model --name capitals --dtype f32 --card card.json",
      "  spectron export run-1 run-2 --out mean-model",
      "  spectron answer question.wav --model my-model"
    })
final class ExportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = {
        "Folder that spectron train wrote. Several, which started from the same weights, give the",
        "mean of theirs."
      })
  private List<Path> runs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model to make; it must not exist.")
  private Path out;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the model is called; default: the name of its folder.")
  private String name;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "How matrices are stored: bf16, the default, f16 or f32.")
  private StorageType dtype = StorageType.BF16;

  @Option(
      names = "--card",
      paramLabel = "FILE",
      description = "A JSON object with what there is to say about the model.")
  private Path card;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String called = name == null ? out.toAbsolutePath().normalize().getFileName() + "" : name;
    BundleExport.write(runs, out, called, dtype.dtype(), card());
    console.line("model %s in %s".formatted(called, out));
    return 0;
  }

  private Map<String, Object> card() {
    if (card == null) {
      return Map.of();
    }
    try {
      return Json.parse(card.toString(), Files.readString(card));
    } catch (IOException e) {
      throw new BundleException(card + ": cannot be read (" + e + "); check the path", e);
    }
  }
}
