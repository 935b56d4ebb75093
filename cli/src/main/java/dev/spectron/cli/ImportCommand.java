package dev.spectron.cli;

import dev.spectron.importers.EncoderImport;
import dev.spectron.importers.ImportOptions;
import dev.spectron.importers.ImportReport;
import dev.spectron.importers.LmImport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron import}: makes a stage of a model that others trained. */
@Command(
    name = "import",
    description = {
      "Make a stage of a speech encoder or a language model that others trained: a folder in the"
          + " layout of Hugging Face transformers with safetensors, or for a language model a GGUF"
          + " file with tokenizer.json beside it.",
      "",
      "Encoders: w2v-BERT 2.0, Parakeet (FastConformer), Wav2Vec2-Conformer. Language models: Llama,"
          + " Qwen 2 and 3, OLMo 1 and 2, Gemma 3.",
      ""
    },
    footer = {
      "  spectron import encoder w2v-bert-2.0 -o hearing --licence MIT",
      "  spectron import lm SmolLM2-360M -o writing --licence Apache-2.0",
      "  spectron assemble --encoder hearing --lm writing --preset spectron-350m -o my-model"
    })
final class ImportCommand implements Callable<Integer> {
  private final Console console;

  /** What is imported. */
  enum Stage {
    ENCODER,
    LM
  }

  @Parameters(index = "0", paramLabel = "encoder|lm", description = "What it becomes.")
  private Stage stage;

  @Parameters(index = "1", paramLabel = "DIR", description = "Folder of the model, or GGUF file.")
  private Path source;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "DIR",
      description = "Folder of the bundle to make; it must not exist.")
  private Path out;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the part is called; default: the name of its folder.")
  private String name;

  @Option(
      names = "--licence",
      paramLabel = "NAME",
      description = "Under which its maker gave it; goes on the model card.")
  private String licence = "";

  @Option(
      names = "--source",
      paramLabel = "TEXT",
      description = "Where it comes from; goes on the model card.")
  private String origin = "";

  @Option(
      names = "--tokens",
      split = ",",
      paramLabel = "TOKEN",
      description =
          "Special tokens that the language model gets, with commas between; default"
              + " <sos>,<eos>,<answer>. An empty text adds none.")
  private List<String> tokens = ImportOptions.SPECTRON_TOKENS;

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String called = name == null ? source.toAbsolutePath().normalize().getFileName() + "" : name;
    List<String> added = tokens.stream().filter(token -> !token.isEmpty()).toList();
    ImportOptions options = new ImportOptions(called, licence, origin, added);
    ImportReport report =
        switch (stage) {
          case ENCODER -> EncoderImport.write(source, out, options);
          case LM -> LmImport.write(source, out, options);
        };
    line(
        "%s %s: %,d parameters of %d tensors in %s",
        report.architecture(), called, report.parameters(), report.tensors(), out);
    if (!report.needless().isEmpty()) {
      line("left out, as only training or another task needs them: %s", report.needless());
    }
    report.tokens().forEach((token, id) -> line("token %s has id %d", token, id));
    return 0;
  }

  private void line(String format, Object... values) {
    console.line(String.format(Locale.ROOT, format, values));
  }
}
