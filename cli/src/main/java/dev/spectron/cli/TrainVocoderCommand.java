package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.training.plot.VocoderPictures;
import dev.spectron.training.run.MetricsLog;
import dev.spectron.training.vocoder.VocoderLosses;
import dev.spectron.training.vocoder.VocoderMeasurement;
import dev.spectron.training.vocoder.VocoderRecipe;
import dev.spectron.training.vocoder.VocoderRun;
import dev.spectron.training.vocoder.VocoderState;
import dev.spectron.training.vocoder.VocoderTrainer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spectron train-vocoder}: runs a recipe of a vocoder. */
@Command(
    name = "train-vocoder",
    description = {
      "Train a WaveFit vocoder as a recipe says.",
      "",
      "The folder of the run gets checkpoints, metrics.jsonl, and at each checkpoint loss.png,"
          + " spectrogram.png and a few clips to listen to: sample-0.wav beside"
          + " sample-0-target.wav. Started again on the same folder, training goes on from the"
          + " newest checkpoint as if it had never stopped.",
      ""
    },
    footer = {
      "  spectron train-vocoder training/recipes/wavefit-mini.json --corpus corpus --out vocoder"
    })
final class TrainVocoderCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RunChoice choice;

  TrainVocoderCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VocoderRecipe opened = Json.read(choice.recipe(), VocoderRecipe.class);
    try (Progress progress = Progress.of("train-vocoder", console)) {
      new VocoderRun(
              opened, choice.out(), new Listener(progress, new VocoderPictures(choice.out())))
          .run(choice.corpus());
    }
    console.line("trained; checkpoints and samples in " + choice.out());
    return 0;
  }

  /** Moves the bar. */
  private record Listener(Progress progress, VocoderPictures pictures)
      implements VocoderRun.Listener {
    @Override
    public void stepped(VocoderState state, VocoderTrainer.StepReport report) {
      progress.at(state.steps(), state.recipe().steps());
      VocoderLosses losses = report.losses();
      progress.say(
          String.format(
              Locale.ROOT,
              "loss %.3f, magnitude %.3f, log-mel %.3f",
              losses.total(),
              losses.magnitude(),
              losses.logMel()));
    }

    @Override
    public void saved(
        VocoderState state, List<VocoderRun.Sample> samples, MetricsLog<VocoderMeasurement> log) {
      pictures.saved(state, samples, log);
    }
  }
}
