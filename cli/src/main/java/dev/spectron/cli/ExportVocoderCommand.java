package dev.spectron.cli;

import dev.spectron.training.vocoder.VocoderExport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron export-vocoder}: gives a model a trained vocoder. */
@Command(
    name = "export-vocoder",
    description = {
      "Make a copy of a model that speaks through a trained vocoder: the newest checkpoint of a"
          + " run of spectron train-vocoder.",
      ""
    },
    footer = {
      "  spectron export-vocoder vocoder --model my-model --out my-model-with-voice",
      "  spectron answer question.wav --model my-model-with-voice"
    })
final class ExportVocoderCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "RUN", description = "Folder that spectron train-vocoder wrote.")
  private Path run;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model that gets the vocoder; it is not changed.")
  private Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model to make; it must not exist.")
  private Path out;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "How the vocoder's matrices are stored: bf16, the default, f16 or f32.")
  private StorageType dtype = StorageType.BF16;

  ExportVocoderCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VocoderExport.write(run, model, out, dtype.dtype());
    console.line("model with the vocoder of %s in %s".formatted(run, out));
    return 0;
  }
}
