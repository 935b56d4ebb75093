package dev.spectron.cli;

import dev.spectron.spokenlm.Assembly;
import dev.spectron.spokenlm.SpokenLmConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spectron assemble}: joins imported parts to a model to train. */
@Command(
    name = "assemble",
    description = {
      "Join a speech encoder and a language model that were imported. What stands between them"
          + " starts with random weights: the model has to be trained before its answers mean"
          + " anything.",
      ""
    },
    footer = {
      "  spectron assemble --encoder hearing --lm writing --preset spectron-350m -o my-model",
      "  spectron inspect my-model"
    })
final class AssembleCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--encoder",
      required = true,
      paramLabel = "DIR",
      description = "Bundle that spectron import encoder made.")
  private Path encoder;

  @Option(
      names = "--lm",
      required = true,
      paramLabel = "DIR",
      description = "Bundle that spectron import lm made.")
  private Path lm;

  @Option(
      names = "--preset",
      required = true,
      paramLabel = "NAME",
      description = "Whose answer features, nets and limits: spectron-350m or spectron-1b.")
  private String preset;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "DIR",
      description = "Folder of the model to make; it must not exist.")
  private Path out;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the model is called; default: the name of its folder.")
  private String name;

  @Option(names = "--seed", paramLabel = "N", description = "Of the random weights; default 0.")
  private long seed;

  AssembleCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String called = name == null ? out.toAbsolutePath().normalize().getFileName() + "" : name;
    SpokenLmConfig config = Assembly.write(encoder, lm, preset, seed, out, called);
    console.line(
        "model %s in %s: encoder of width %d, language model of width %d; train it next"
            .formatted(called, out, config.conformer().dModel(), config.lm().dModel()));
    return 0;
  }
}
