package dev.spectron.cli;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.SpectronOptions;
import dev.spectron.spokenlm.SpokenLmBundle;
import dev.spectron.training.quantise.PackedTensor;
import dev.spectron.training.quantise.PackingPolicy;
import dev.spectron.training.quantise.QuantisationEffect;
import dev.spectron.training.quantise.Quantiser;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron quantize}: a model with smaller weights. */
@Command(
    name = "quantize",
    description = {
      "Write a model again with its matrices packed: int8 halves a bf16 model, int4 brings its"
          + " decoder to 4.5 bits a weight, bf16 keeps every number and only opens faster.",
      "",
      "Prints the error of each kind of weight; with recorded questions also what the packed model"
          + " makes of the original's answers.",
      ""
    },
    footer = {
      "  spectron quantize --format int8 --out my-model-int8 --model my-model",
      "  spectron quantize --format int4 --out mini-int4 samples/questions/*.wav",
      "  spectron quantize --format int4 --out mini-int4 --json | jq .tensors"
    })
final class QuantizeCommand implements Callable<Integer> {
  private final Console console;

  /** What {@code --format} takes. */
  enum Format {
    BF16,
    INT8,
    INT4;

    PackingPolicy policy() {
      return switch (this) {
        case BF16 -> PackingPolicy.bf16();
        case INT8 -> PackingPolicy.int8();
        case INT4 -> PackingPolicy.int4();
      };
    }
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Recorded questions to compare both models on.")
  private List<String> questions = List.of();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the model to pack; without it, the embedded one.")
  private Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model to make; it must not exist.")
  private Path out;

  @Option(names = "--format", required = true, description = "${COMPLETION-CANDIDATES}.")
  private Format format;

  @Option(names = "--json", description = "Print one JSON object with every tensor.")
  private boolean json;

  QuantizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Waveform> recordings = questions.stream().map(console::read).toList();
    SpectronOptions.Model which =
        model == null
            ? new SpectronOptions.Model.Embedded()
            : new SpectronOptions.Model.Bundle(model);
    List<PackedTensor> tensors;
    try (ModelBundle before = ModelChoice.files(which);
        Progress progress = Progress.of("quantize", console)) {
      new Quantiser(format.policy())
          .write(before, out, (index, count, _) -> progress.at(index + 1, count));
      try (ModelBundle after = ModelBundle.open(out)) {
        tensors = Quantiser.compare(before, after);
      }
    }
    List<QuantisationEffect> effect =
        recordings.isEmpty() ? List.of() : List.of(effect(which, recordings));
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("tensors", tensors);
      effect.forEach(e -> report.put("effect", e));
      console.line(Json.document(report).stripTrailing());
    } else {
      print(tensors);
      effect.forEach(this::print);
    }
    return 0;
  }

  private QuantisationEffect effect(SpectronOptions.Model which, List<Waveform> recordings) {
    try (Backend backend = Backends.open(SpectronOptions.AUTO);
        SpokenLmBundle before = ModelChoice.open(which);
        SpokenLmBundle after = SpokenLmBundle.open(out)) {
      return QuantisationEffect.of(backend, before.load(backend), after.load(backend), recordings);
    }
  }

  private void print(List<PackedTensor> tensors) {
    line("%-10s %8s %15s %12s %8s  %s", "packing", "tensors", "weights", "bytes", "error", "worst");
    for (Packing packing : Packing.values()) {
      List<PackedTensor> own = tensors.stream().filter(t -> t.packing() == packing).toList();
      if (!own.isEmpty()) {
        long weights = own.stream().mapToLong(t -> t.shape().elements()).sum();
        long bytes = own.stream().mapToLong(PackedTensor::bytes).sum();
        double error = own.stream().mapToDouble(PackedTensor::error).average().orElseThrow();
        PackedTensor worst =
            own.stream().max(Comparator.comparingDouble(PackedTensor::error)).orElseThrow();
        String worstText =
            packing == Packing.ROWS
                ? "left as they are"
                : String.format(Locale.ROOT, "%.2f %% %s", 100 * worst.error(), worst.path());
        line(
            "%-10s %8d %,15d %,12d %6.2f %%  %s",
            packing == Packing.ROWS ? "none" : packing.name().toLowerCase(Locale.ROOT),
            own.size(),
            weights,
            bytes,
            100 * error,
            worstText);
      }
    }
    line("model in %s", out);
  }

  private void print(QuantisationEffect effect) {
    line(
        "%d questions: same words %.0f %%; taught the original's answers: text %.4f, was %.4f nats"
            + " a token; frames %.4f away",
        effect.questions(),
        100 * effect.sameText(),
        effect.textAfter(),
        effect.textBefore(),
        effect.frames());
  }

  private void line(String format, Object... values) {
    console.line(String.format(Locale.ROOT, format, values));
  }
}
