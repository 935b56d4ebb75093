package dev.spectron.cli;

import dev.spectron.core.backend.Backends;
import dev.spectron.core.bundle.Json;
import dev.spectron.training.ablation.Ablation;
import dev.spectron.training.ablation.AblationPlan;
import dev.spectron.training.ablation.AblationReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron ablate}: trains variants of a recipe and compares them. */
@Command(
    name = "ablate",
    description = {
      "Train a recipe again and again, each time with one part left out, and compare.",
      "",
      "The folder gets the runs, ablation.md, ablation.json and loss.png. Pre-training that several"
          + " variants have in common runs once. Started again on the same folder, it goes on where"
          + " it stopped; variants that are done are not run again.",
      ""
    },
    footer = {
      "  spectron ablate training/recipes/ablation-mini.json --corpus corpus --out ablation"
    })
final class AblateCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "PLAN", description = "A recipe and its variants in JSON.")
  private Path plan;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "DIR",
      description = "What to train and measure on; spectron corpus makes it.")
  private Path corpus;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the runs; made if missing, gone on with if not.")
  private Path out;

  @Option(names = "--no-judge", description = "Do not recognise the spoken answers.")
  private boolean withoutJudge;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Recognisers that run at once; default: one a processor.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What the models answer on; default auto. They train on djl.")
  private String backend = "auto";

  AblateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    AblationPlan opened = Json.read(plan, AblationPlan.class);
    Ablation.Options options =
        new Ablation.Options(() -> Backends.open(backend), !withoutJudge, jobs);
    AblationReport report;
    try (Bars bars = new Bars(console)) {
      report = new Ablation(opened, out, options, bars).run(corpus);
    }
    console.line(report.markdown().stripTrailing());
    return 0;
  }

  /** A bar for each run and each measurement. */
  private static final class Bars implements Ablation.Listener, AutoCloseable {
    private final Console console;
    private String task = "";
    private Progress bar;

    Bars(Console console) {
      this.console = console;
    }

    @Override
    public void trained(String run, long step, long steps) {
      at("train " + run, step, steps);
    }

    @Override
    public void measured(String variant, int done, int items) {
      at("measure " + variant, done, items);
    }

    private void at(String now, long done, long total) {
      if (!now.equals(task)) {
        close();
        task = now;
        bar = Progress.of(now, console);
      }
      bar.at(done, total);
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
        task = "";
      }
    }
  }
}
